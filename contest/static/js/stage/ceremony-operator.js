/*
 * The operator's screen. It loads everything once, keeps it in memory alone, and tells the projector window what to show,
 * step by step, over a channel inside this browser: no network is needed after loading. Names stand in this document
 * only once they are on the projector, or while somebody holds "peek".
 */
import { blobOf, cuesOf, screenOf } from "./ceremony-script.js";
import { allLetters, stayAwake } from "./ceremony-awake.js";

const DRUM_MS = 2600;
const STILL_MS = 500;
const POLL_MS = 900;
const ALIVE_MS = 2500;
const LANGS = ["vi", "en", "both"];
const body = document.body;
const words = body.dataset;
const one = (selector) => document.querySelector(selector);
const channel = new BroadcastChannel(words.channel);
const state = {
  cues: null, frame: null, at: -1, drum: 0, paused: false, blackout: false, overlay: "", until: 0, left: 0,
  lang: words.lang === "en" ? "en" : "vi", peeking: false, alive: 0, after: -1, polling: false, phone: false,
};

/* Position ------------------------------------------------------------------------------------------------------- */
function remember() {
  try {
    localStorage.setItem(words.channel, JSON.stringify({ at: state.at, lang: state.lang })); // numbers only, no name
  } catch {
    // A full or closed store: after a reload the ceremony begins at the top.
  }
}

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(words.channel) ?? "{}");
    if (LANGS.includes(kept.lang)) state.lang = kept.lang;
    if (Number.isInteger(kept.at) && kept.at >= 0 && kept.at < state.cues.length) {
      state.at = kept.at;
      state.blackout = true; // whoever reloads in the middle decides when the curtain opens
    }
  } catch {
    // Nothing kept.
  }
}

/* Telling the projector ------------------------------------------------------------------------------------------ */
function tell() {
  const cue = state.cues?.[state.at];
  channel.postMessage({
    type: "state",
    screen: screenOf(cue, { drum: Boolean(state.drum) }),
    frame: state.frame,
    lang: state.lang,
    blackout: state.blackout,
    overlay: state.overlay,
    until: state.until,
    left: state.left,
  });
}

function changed() {
  remember();
  tell();
  show();
}

/* Moving --------------------------------------------------------------------------------------------------------- */
function land() {
  window.clearTimeout(state.drum);
  state.drum = 0;
}

function next() {
  if (!state.cues || state.paused) return;
  if (state.drum) {
    land(); // the drum is cut short: the name comes now
  } else if (state.at < state.cues.length - 1) {
    state.at += 1;
    state.overlay = "";
    state.blackout = false;
    if (state.cues[state.at].kind === "reveal") {
      const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      state.drum = window.setTimeout(() => {
        land();
        changed();
      }, calm ? STILL_MS : DRUM_MS);
    }
  }
  changed();
}

function back() {
  if (!state.cues || state.paused || state.at < 0) return;
  land();
  state.at -= 1;
  changed();
}

function pause() {
  state.paused = !state.paused;
  if (state.paused && state.drum) {
    land();
    state.at -= 1; // nothing is named while everybody waits
  }
  if (state.until) {
    state.left = state.paused ? Math.max(0, state.until - Date.now()) : 0;
    if (state.paused) state.until = 0;
  } else if (!state.paused && state.left) {
    state.until = Date.now() + state.left;
    state.left = 0;
  }
  changed();
}

function countdown() {
  const running = state.overlay === "countdown";
  state.overlay = running ? "" : "countdown";
  const minutes = Math.min(180, Math.max(1, Number(one("#minutes").value) || 10));
  state.until = running ? 0 : Date.now() + minutes * 60000;
  state.left = 0;
  changed();
}

const ACTS = {
  next,
  back,
  pause,
  countdown,
  blackout() {
    state.blackout = !state.blackout;
    changed();
  },
  logos() {
    state.overlay = state.overlay === "logos" ? "" : "logos";
    changed();
  },
  lang() {
    state.lang = LANGS[(LANGS.indexOf(state.lang) + 1) % LANGS.length];
    changed();
  },
  projector() {
    window.open(words.projector, `${words.channel}-projector`, "popup,width=1280,height=720");
  },
};

/* Showing the operator ------------------------------------------------------------------------------------------- */
function line(tag, text, kind = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.dir = "auto";
  if (kind) element.className = kind;
  return element;
}

function nameOf(cue) {
  if (!cue) return "";
  const lang = state.lang === "en" ? "en" : "vi";
  const label = words[`text${cue.kind[0].toUpperCase()}${cue.kind.slice(1)}`] ?? cue.kind;
  if (cue.step.kind !== "award") return label;
  const award = [cue.step.name[lang], cue.step.track[lang]].filter(Boolean).join(" · ");
  const several = cue.kind === "reveal" && cue.winners.length > 1 ? ` (${words.textTogether.replace("{count}", cue.winners.length)})` : "";
  return `${label}: ${award}${several}`;
}

function secrets(cue) {
  return (cue?.winners ?? []).flatMap((winner) => {
    const parts = [line("strong", winner.team), line("p", [winner.title, winner.school].filter(Boolean).join(" · "))];
    if (winner.reading) parts.push(line("p", `${words.textRead} ${winner.reading}`));
    return parts;
  });
}

function presenter(cue) {
  return cue?.step.presenter ? [line("p", `${words.textPresenter}: ${cue.step.presenter}`)] : [];
}

function show() {
  const cues = state.cues ?? [];
  const cue = cues[state.at];
  const coming = state.drum ? cue : cues[state.at + 1];
  one("[data-now]").textContent = state.drum ? words.textDrum : cue ? nameOf(cue) : words.textBlank;
  one("[data-now-more]").replaceChildren(
    ...(state.paused ? [line("p", words.textPaused, "bv-op-hidden")] : []),
    ...presenter(cue),
    ...(state.drum ? [] : secrets(cue)),
  );
  one("[data-next]").textContent = coming ? nameOf(coming) : state.cues ? words.textEnd : "";
  const hidden = coming?.kind === "reveal";
  one("[data-peek-place]").replaceChildren(
    ...(coming ? presenter(coming) : []),
    ...(hidden ? (state.peeking ? secrets(coming) : [line("p", words.textHidden, "bv-op-hidden")]) : []),
  );
  one("[data-count]").textContent = state.cues
    ? words.textStep.replace("{now}", Math.max(0, state.at + 1)).replace("{all}", cues.length)
    : "";
  one("[data-lang-now]").textContent = state.lang === "both" ? "VI + EN" : state.lang.toUpperCase();
  const pressed = { pause: state.paused, blackout: state.blackout, logos: state.overlay === "logos", countdown: state.overlay === "countdown" };
  for (const [name, on] of Object.entries(pressed)) one(`[data-do="${name}"]`).setAttribute("aria-pressed", on);
  one("[data-peek]").classList.toggle("is-held", state.peeking);
}

function lamp(name, text, on) {
  const element = one(`[data-lamp="${name}"]`);
  element.textContent = text;
  element.classList.toggle("is-on", on === true);
  element.classList.toggle("is-off", on === false);
}

function lamps() {
  const there = Date.now() - state.alive < ALIVE_MS;
  lamp("projector", there ? words.textProjectorOn : words.textProjectorOff, there);
}

/* Loading, and the phone ----------------------------------------------------------------------------------------- */
async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST", body: new FormData(form), cache: "no-store", headers: { "X-Requested-With": "fetch" },
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.message ?? "");
  return told;
}

async function load() {
  lamp("pack", words.textLoading);
  try {
    const [{ steps, ...frame }] = await Promise.all([send(one("[data-load-form]")), allLetters()]);
    for (const step of steps) for (const beat of step.beats) for (const winner of beat) winner.photo = blobOf(winner.photo);
    frame.logo = blobOf(frame.logo);
    frame.logos = frame.logos.map((logo) => ({ name: logo.name, picture: blobOf(logo.picture) }));
    const first = !state.cues;
    Object.assign(state, { cues: cuesOf(steps), frame });
    if (first) recall();
    if (first && words.paired) listen();
    state.at = Math.min(state.at, state.cues.length - 1);
    lamp("pack", words.textLoaded, true);
  } catch (error) {
    lamp("pack", error.message || words.textFailed, false);
  }
  tell();
  show();
}

async function poll() {
  if (state.polling || !state.cues) return;
  state.polling = true;
  try {
    const form = one("[data-press-form]");
    const first = state.after < 0; // what was pressed before this page listened is over
    form.elements.after.value = Math.max(0, state.after);
    const { presses } = await send(form);
    state.after = Math.max(0, state.after);
    for (const { id, verb } of presses) {
      state.after = Math.max(state.after, id);
      if (!first && ["next", "back", "blackout"].includes(verb)) ACTS[verb]();
    }
    lamp("phone", words.textPhoneOn, true);
  } catch {
    lamp("phone", words.textPhoneOff, false); // the keyboard remains
  }
  state.polling = false;
}

function listen() {
  if (!state.phone) window.setInterval(poll, POLL_MS);
  state.phone = true;
  poll();
}

async function pairPhone(event) {
  event.preventDefault();
  try {
    const told = await send(event.target);
    const page = new DOMParser().parseFromString(told.html, "text/html");
    one("[data-phone-place]").replaceChildren(...[...page.body.children].map((child) => document.adoptNode(child)));
    listen();
  } catch (error) {
    lamp("phone", error.message || words.textPhoneOff, false);
  }
}

/* Keys ----------------------------------------------------------------------------------------------------------- */
const KEYS = {
  " ": "next", ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back",
  b: "blackout", ".": "blackout", w: "pause", l: "logos", t: "lang", c: "countdown",
};

function peek(on) {
  if (state.peeking === on) return;
  state.peeking = on;
  show();
}

function keydown(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "F5" || ((event.ctrlKey || event.metaKey) && key === "r")) return event.preventDefault(); // a reload needs the network
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return undefined;
  if (key === "p") return peek(true);
  if (!KEYS[key] || (event.repeat && KEYS[key] !== "back")) return KEYS[key] === "next" ? event.preventDefault() : undefined;
  event.preventDefault(); // also a button in focus, which Space would press a second time
  return ACTS[KEYS[key]]();
}

channel.addEventListener("message", ({ data }) => {
  if (data.type === "hello") tell();
  if (data.type === "key" && ACTS[data.act]) ACTS[data.act](); // pressed in the projector's window
  if (data.type === "hello" || data.type === "alive") {
    state.alive = Date.now();
    lamps();
  }
});
document.addEventListener("keydown", keydown);
document.addEventListener("keyup", (event) => event.key.toLowerCase() === "p" && peek(false));
window.addEventListener("blur", () => peek(false));
for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => {
    button.blur(); // so that Space means "next" again
    ACTS[button.dataset.do]();
  });
}
one("[data-peek]").addEventListener("pointerdown", () => peek(true));
for (const over of ["pointerup", "pointerleave", "pointercancel"]) one("[data-peek]").addEventListener(over, () => peek(false));
one("[data-load-form]").addEventListener("submit", (event) => {
  event.preventDefault();
  load();
});
one("[data-phone-form]").addEventListener("submit", pairPhone);
window.addEventListener("beforeunload", (event) => state.at >= 0 && event.preventDefault());
window.setInterval(lamps, 1000);
lamp("phone", words.textPhoneNone);
lamps();
show();
stayAwake();
load();
