/*
 * Saves a form while it is being filled. The server's JSON answer {saved_at, version, errors} is the only source of
 * "saved": nothing is called safe before the server said so.
 */
import { fill, same, store, typed } from "./typed.js";

const QUIET_MS = 1200;
const RETRY_MS = [3000, 6000, 12000, 30000, 60000];

class Autosave {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.line = document.querySelector(form.dataset.saveLine || "[data-save-state]");
    this.key = `autosave:${window.location.pathname}`;
    this.saved = typed(form);
    this.refused = null;
    this.tries = 0;
    this.timer = 0;
    this.busy = false;
    this.stopped = false;
  }

  get version() {
    return this.form.elements.namedItem("version");
  }

  get dirty() {
    return !same(this.saved, typed(this.form));
  }

  get sendable() {
    const now = typed(this.form);
    return !this.stopped && !same(this.saved, now) && !same(this.refused, now);
  }

  show(state, text, time = "") {
    if (!this.line) return;
    this.line.dataset.saveState = state;
    this.line.querySelector("[data-save-text]").textContent = (text ?? "").replace("{time}", time);
  }

  plan(delay) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), delay);
  }

  changed() {
    if (this.refused && !this.dirty) this.forget();
    if (!this.sendable) return;
    store.put(this.key, { version: this.version?.value, pairs: typed(this.form) });
    if (!this.busy) this.show("dirty", this.words.textDirty);
    this.plan(QUIET_MS);
  }

  body() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  async save() {
    if (this.busy || !this.sendable) return;
    this.busy = true;
    const sent = typed(this.form);
    this.show("saving", this.words.textSaving);
    try {
      const answer = await fetch(this.words.autosave || this.form.action, {
        method: "POST",
        body: this.body(),
        headers: { "X-Requested-With": "autosave", "X-CSRFToken": this.token(), Accept: "application/json" },
        credentials: "same-origin",
        redirect: "error",
      });
      await this.take(answer, sent);
    } catch {
      this.retry();
    } finally {
      this.busy = false;
    }
    if (this.tries === 0 && this.sendable) this.plan(QUIET_MS);
  }

  token() {
    return this.form.elements.namedItem("csrf_token")?.value ?? document.querySelector("meta[name=csrf-token]")?.content ?? "";
  }

  async take(answer, sent) {
    if (answer.status === 409) return this.stop("conflict", this.words.textConflict);
    if (answer.status === 401 || answer.status === 403) return this.retry(this.words.textSignedOut);
    if (answer.status >= 500 || answer.status === 429) return this.retry();
    const result = await answer.json();
    const errors = result.errors ?? {};
    this.mark(errors);
    const wrong = Object.keys(errors).length > 0;
    if (!result.saved_at) return this.refuse(sent, result.message);
    this.accept(sent, result, wrong);
  }

  accept(sent, result, wrong) {
    this.saved = sent;
    this.tries = 0;
    if (this.version && result.version !== undefined) this.version.value = result.version;
    if (!this.dirty) store.drop(this.key);
    this.show("saved", wrong ? this.words.textErrors : this.words.textSaved, clockOf(result.saved_at));
    this.form.dispatchEvent(new CustomEvent("bv:saved", { bubbles: true, detail: result }));
  }

  /* A refused text is not sent again until it changes; it stays in the form and in the tab's store. */
  refuse(sent, message) {
    this.tries = 0;
    this.refused = sent;
    this.show("failed", message || this.words.textRefused);
  }

  /* The refused text was taken back: the form holds again what the server has. */
  forget() {
    this.refused = null;
    this.mark({});
    store.drop(this.key);
    this.show("idle", "");
  }

  retry(text) {
    this.show("failed", text || this.words.textRetry);
    this.plan(RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)]);
    this.tries += 1;
  }

  stop(state, text) {
    this.stopped = true;
    window.clearTimeout(this.timer);
    this.show(state, text);
  }

  mark(errors) {
    for (const place of this.form.querySelectorAll("[data-error-for]")) {
      const message = errors[place.dataset.errorFor];
      const text = Array.isArray(message) ? message.join(" ") : message ?? "";
      place.hidden = !text;
      place.textContent = text;
      const input = this.form.elements.namedItem(place.dataset.errorFor);
      if (!(input instanceof HTMLElement)) continue;
      input.classList.toggle("is-invalid", Boolean(text));
      if (text) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  /* Text that never reached the server comes back after a reload, unless someone saved a newer version since. */
  restore() {
    const lost = store.take(this.key);
    if (!lost || lost.version !== this.version?.value || same(lost.pairs, this.saved)) return;
    fill(this.form, lost.pairs);
    this.show("dirty", this.words.textRestored);
    this.plan(QUIET_MS);
  }

  listen() {
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("change", () => this.changed());
    this.form.addEventListener("submit", () => this.leave());
    document.addEventListener("bv:leaving", () => this.leave());
    window.addEventListener("online", () => this.plan(0));
    window.addEventListener("beforeunload", (event) => {
      if (!this.left && this.dirty) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.save());
    window.addEventListener("pageshow", (event) => event.persisted && this.returned());
  }

  leave() {
    this.left = true;
    this.stopped = true;
    window.clearTimeout(this.timer);
  }

  returned() {
    this.left = false;
    this.stopped = false;
    this.changed();
  }
}

function clockOf(saved) {
  const moment = new Date(saved);
  if (Number.isNaN(moment.valueOf())) return saved;
  return new Intl.DateTimeFormat("vi", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(moment);
}

export function start(form) {
  const autosave = new Autosave(form);
  autosave.listen();
  autosave.restore();
}
