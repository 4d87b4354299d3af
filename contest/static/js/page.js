/*
 * All that the scoring page runs, for one file (contest/web/bundles.py): what app.js and scoring.js would ask for one after
 * the other is there at once. What is not named here is still fetched when a page asks for it.
 */
import "./offline/paper.js";
import "./offline/leaving.js";
import "./keep.js";
import "./menu.js";
import "./here.js";
import "./keys.js";
import "./pages.js";
import "./app.js";
import "./scoring.js";
