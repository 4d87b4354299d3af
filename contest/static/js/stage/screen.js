/* The projector: the clock, who is next, a break, or nothing; it only reads. */
import { Follower, digits, reading } from "./timer.js";

const body = document.body;
const words = body.dataset;
const find = (name) => body.querySelector(`[data-${name}]`);
const follower = new Follower(words, heard, (away) => (find("away").hidden = !away));
let sound = null;
let said = "";

function beep(times) {
  if (!sound) return;
  for (let at = 0; at < times; at += 1) {
    const tone = sound.createOscillator();
    const loud = sound.createGain();
    const begins = sound.currentTime + at * 0.35;
    tone.frequency.value = 880;
    loud.gain.setValueAtTime(0.25, begins);
    loud.gain.exponentialRampToValueAtTime(0.001, begins + 0.3);
    tone.connect(loud).connect(sound.destination);
    tone.start(begins);
    tone.stop(begins + 0.3);
  }
}

/* A phase that begins while the screen watches is said and heard; one that a reload finds is not. */
function tell(phase) {
  if (said && phase !== said && phase !== "calm") {
    find("voice").textContent = { near: words.textMinute, last: words.textSeconds, over: words.textOver }[phase];
    beep({ near: 1, last: 2, over: 3 }[phase]);
  }
  said = phase;
}

/* The word beside the part: what the colour and the shape say, too. */
function mark(read) {
  if (read.phase === "over") return words.textOver;
  if (!read.running) return read.started ? words.textPaused : words.textReady;
  return { near: words.textMinute, last: words.textSeconds }[read.phase] ?? "";
}

function tick() {
  const now = follower.clock.now();
  const { state } = follower;
  if (state.screen === "timer") {
    const read = reading(state, now);
    find("digits").textContent = digits(read.left);
    find("bar").value = read.whole > 0 ? Math.max(0, Math.min(1000, (1000 * read.left) / read.whole)) : 0;
    body.dataset.phase = read.phase;
    body.dataset.running = read.started ? String(read.running) : "ready";
    find("mark").textContent = mark(read);
    tell(read.phase);
  } else if (state.screen === "break") {
    find("break-left").textContent = state.breakUntil ? digits(Math.max(0, state.breakUntil - now)) : "";
  }
}

function heard(state) {
  for (const part of body.querySelectorAll("[data-show]")) part.hidden = part.dataset.show !== state.screen;
  body.dataset.screen = state.screen;
  if (state.screen !== "timer") {
    delete body.dataset.phase;
    said = "";
  }
  find("name").textContent = state.team?.name ?? "";
  find("title").textContent = state.team?.title ?? "";
  find("part").textContent = state.part === "answers" ? words.textAnswers : words.textPitch;
  const [first, ...others] = state.next;
  find("next-name").textContent = first?.name ?? words.textNone;
  find("next-title").textContent = first?.title ?? "";
  find("then").hidden = !others.length;
  find("list").replaceChildren(...others.map(line));
  find("break-name").textContent = state.breakName || words.textBreak;
  find("break-until").textContent = state.breakTime ? words.textUntil.replace("{time}", state.breakTime) : "";
  tick();
}

function line(team) {
  const item = document.createElement("li");
  const due = document.createElement("span");
  due.textContent = team.due;
  item.append(due, team.name);
  return item;
}

find("sound").addEventListener("click", () => {
  const on = !sound;
  sound?.close();
  sound = on ? new AudioContext() : null;
  find("sound").setAttribute("aria-pressed", String(on));
  beep(1);
});
find("full").addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
});

follower.start();
window.setInterval(tick, 100);
