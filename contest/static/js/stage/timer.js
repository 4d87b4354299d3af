/*
 * The clock of a presentation as every screen reads it: the server keeps how much was spent and since when the clock
 * runs; a screen learns how far its own even clock (performance.now) lies from the server's, and counts on from there,
 * with or without a network. The rules are those of contest/stage/timer.py.
 */
export const MINUTE = 60000;
export const LAST = 10000;
const EXTRA = 30000;
const ASK_MS = 1000;
const SETTLE_MS = 60000;

/* Where the server's clock stands: the answer with the shortest way there and back knows best, for a minute. */
export class ServerClock {
  constructor(now) {
    this.offset = now - performance.now();
    this.round = Infinity;
    this.at = performance.now();
    this.drift = Date.now() - performance.now();
  }

  learn(now, sent, came) {
    const round = came - sent;
    if (round <= this.round * 1.5 || came - this.at > SETTLE_MS || this.slept()) {
      this.offset = now + round / 2 - came;
      this.round = round;
      this.at = came;
      this.drift = Date.now() - performance.now();
    }
  }

  /* A laptop that slept: its even clock stood still while the day went on. */
  slept() {
    return Math.abs(Date.now() - performance.now() - this.drift) > 2000;
  }

  now() {
    return performance.now() + this.offset;
  }
}

/* What the clock says at a moment of the server. `state.now` is when `state.elapsed` was read. */
export function reading(state, now) {
  const elapsed = state.elapsed + (state.running ? Math.max(0, now - state.now) : 0);
  const whole = state.lengths[state.part] + state.extra;
  const left = whole - elapsed;
  const started = elapsed > 0;
  let phase = "calm";
  if (left <= 0 && started) phase = "over";
  else if (left <= LAST && whole > LAST) phase = "last";
  else if (left <= MINUTE && whole > MINUTE) phase = "near";
  return { left, whole, elapsed, phase, started, running: state.running };
}

/* Down to 0:00, then up again with a plus sign; the last second is shown as 0:01 until it is over. */
export function digits(left) {
  const seconds = left > 0 ? Math.ceil(left / 1000) : Math.floor(-left / 1000);
  return `${left <= 0 && seconds ? "+" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/* The state after a button, as the server will have it: a phone without network shows it at once. */
export function pressed(state, command, now) {
  const elapsed = reading(state, now).elapsed;
  const fresh = { ...state, now, elapsed, screen: "timer" };
  if (command === "start") return { ...fresh, running: true };
  if (command === "pause") return { ...fresh, running: false };
  if (command === "add") return { ...fresh, extra: state.extra + EXTRA };
  if (command === "reset") return { ...fresh, elapsed: 0, extra: 0, running: false };
  return command === state.part ? fresh : { ...fresh, part: command, elapsed: 0, extra: 0 };
}

/* Follows the server: a stream tells that something moved, else the screen asks every second; no news costs nothing. */
export class Follower {
  constructor(words, heard, lost) {
    this.words = words;
    this.heard = heard;
    this.lost = lost;
    this.state = JSON.parse(words.state);
    this.clock = new ServerClock(this.state.now);
    this.tag = "";
    this.busy = false;
    this.timer = 0;
  }

  start() {
    this.heard(this.state);
    this.look();
    this.listen();
    document.addEventListener("visibilitychange", () => this.look());
    window.addEventListener("online", () => this.look());
    window.addEventListener("offline", () => this.lost(true));
  }

  take(state, sent, came) {
    this.clock.learn(state.now, sent, came);
    if (state.revision < this.state.revision) return; // an answer that was overtaken
    this.state = state;
    this.heard(state);
  }

  async look() {
    if (this.busy || document.hidden) return;
    this.busy = true;
    try {
      const headers = this.tag && !this.clock.slept() ? { "If-None-Match": this.tag } : {};
      const sent = performance.now();
      const answer = await fetch(this.words.url, { headers, cache: "no-store", signal: AbortSignal.timeout(8000) });
      const came = performance.now();
      if (answer.status === 200) {
        const state = await answer.json();
        this.tag = answer.headers.get("ETag") ?? "";
        this.take(state, sent, came);
      }
      this.lost(answer.status >= 500);
    } catch {
      this.lost(true); // what stands there stays, and the clock goes on
    } finally {
      this.busy = false;
    }
  }

  ask() {
    window.clearInterval(this.timer);
    this.timer = window.setInterval(() => this.look(), ASK_MS);
  }

  listen() {
    if (!("EventSource" in window)) return this.ask();
    const stream = new EventSource(this.words.stream);
    stream.addEventListener("mark", () => this.look());
    stream.addEventListener("open", () => window.clearInterval(this.timer));
    stream.addEventListener("error", () => {
      this.ask();
      if (stream.readyState === EventSource.CLOSED) window.setTimeout(() => this.listen(), 30 * ASK_MS);
    });
  }
}
