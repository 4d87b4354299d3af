/* Where a judge goes after a sheet: by the server when it stored it, else by the list that the device keeps. */
import { Rows } from "./rows.js";
import { kept } from "./keeping.js";

const UNFINISHED = new Set(["not_started", "draft"]);

/* What the device knows of a paper: what waits, then what the server answered last, then the list. */
async function stateOf(outbox, entry) {
  const sheet = await outbox.sheets.get(entry.paper);
  if (sheet) return sheet.act === "submit" ? "submitted" : "draft";
  return (await outbox.papers.get(entry.paper))?.state ?? entry.state;
}

/* As the server chooses: going round from this one, those not started before drafts. */
async function following(outbox, base, after) {
  const list = await new Rows(outbox, "lists").get(base);
  const here = list?.papers.find((entry) => entry.paper === after);
  if (!here) return null;
  const rows = list.papers.filter((entry) => entry.round === here.round);
  const place = rows.indexOf(here);
  const others = [...rows.slice(place + 1), ...rows.slice(0, place)];
  const states = await Promise.all(others.map((entry) => stateOf(outbox, entry)));
  const first = states.indexOf("not_started");
  const next = first >= 0 ? first : states.findIndex((state) => UNFINISHED.has(state));
  return others[next] ?? null;
}

export async function goOn({ about, sheet, outbox }, act) {
  if (act !== "next" && act !== "submit") return;
  if (!sheet) {
    window.location.assign(`${about.base}device/next?after=${encodeURIComponent(about.paper)}`);
    return;
  }
  // Not sent yet. A page that is not on the device would only be an error of the browser.
  const next = await following(outbox, about.base, about.paper);
  const target = next?.url ?? about.base;
  if (navigator.serviceWorker?.controller && (await kept(target))) window.location.assign(target);
}
