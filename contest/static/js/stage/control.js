/*
 * The control: a button counts at once on this phone and is sent with the moment at which it was pressed. Without
 * network the buttons wait here, in their order, and each is sent until the server has it; its key lets it count once.
 */
import { Follower, digits, pressed, reading } from "./timer.js";

const AGAIN_MS = 1500;
const place = document.querySelector("[data-stage-control]");
const words = place.dataset;
const find = (name) => place.querySelector(`[data-${name}]`);
const waiting = [];
let sending = false;
let away = false;
let shown = `${JSON.parse(words.state).team?.code ?? ""} ${JSON.parse(words.state).next.map((one) => one.code + one.state)} ${JSON.parse(words.state).screen}`;
const follower = new Follower(words, heard, (lost) => {
  away = lost;
  note();
});

function heard(state) {
  const fresh = `${state.team?.code ?? ""} ${state.next.map((one) => one.code + one.state)} ${state.screen}`;
  if (fresh !== shown && !waiting.length && !place.contains(document.activeElement?.closest("input"))) {
    shown = fresh;
    window.location.reload(); // another desk called a team: the list below is made by the server
  }
  find("part").textContent = state.part === "answers" ? words.textAnswers : words.textPitch;
  tick();
}

function tick() {
  const read = reading(follower.state, follower.clock.now());
  find("digits").textContent = digits(read.left);
  place.dataset.phase = read.phase;
  find("mark").textContent = read.phase === "over" ? words.textOver : read.running ? "" : read.started ? words.textPaused : words.textReady;
}

function note(text = "") {
  const line = find("note");
  line.textContent = text || (waiting.length ? words.textWaiting.replace("{count}", waiting.length) : away ? words.textAway : "");
  line.hidden = !line.textContent;
}

async function send() {
  if (sending || !waiting.length) return;
  sending = true;
  const [first] = waiting;
  let refused = "";
  try {
    const sent = performance.now();
    const answer = await fetch(first.url, {
      method: "POST", body: first.data, headers: { "X-Requested-With": "control" }, signal: AbortSignal.timeout(8000),
    });
    const came = performance.now();
    if (answer.status < 500) waiting.shift();
    if (answer.ok) {
      const state = await answer.json();
      if (!waiting.length) follower.take(state, sent, came);
    } else if (answer.status < 500) {
      refused = words.textRefused;
      follower.tag = "";
      follower.state = { ...follower.state, revision: -1 }; // what was shown at once did not happen
      follower.look();
    }
    away = answer.status >= 500;
  } catch {
    away = true;
  } finally {
    sending = false;
    note(refused);
    if (waiting.length) window.setTimeout(send, away ? AGAIN_MS : 0);
  }
}

for (const form of place.querySelectorAll("form[data-command]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const now = follower.clock.now();
    const data = new FormData(form);
    data.set("key", crypto.getRandomValues(new Uint32Array(4)).join("-").slice(0, 40));
    data.set("at", new Date(now).toISOString());
    waiting.push({ url: form.action, data });
    follower.state = pressed(follower.state, form.dataset.command, now);
    shown = shown.replace(/\w+$/, "timer");
    heard(follower.state);
    note();
    send();
  });
}
window.addEventListener("online", send);
window.addEventListener("beforeunload", (event) => {
  if (waiting.length) event.preventDefault();
});

follower.start();
window.setInterval(tick, 200);
