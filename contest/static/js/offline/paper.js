/*
 * The scoring page over the outbox: what is typed is on the device at once and on the server when it can be reached.
 * "Saved" is said only from the server's answer.
 */
import { adopt } from "./account.js";
import { Outbox } from "./outbox.js";
import { clockOf, speak } from "./words.js";
import { fieldsOf, fillFields, marksMissing, showErrors } from "./fields.js";
import { goOn } from "./going.js";
import { able, kept, keepPage, register } from "./keeping.js";
import { Panel } from "./panel.js";

const QUIET_MS = 700;
const WAIT_MS = 6000;

const sleep = (time) => new Promise((resolve) => window.setTimeout(resolve, time));

class Paper {
  constructor(form, outbox) {
    this.form = form;
    this.words = form.dataset;
    this.outbox = outbox;
    this.line = document.querySelector("[data-save-state]");
    // Every save would be read aloud; the panels' own voice says what matters.
    this.line?.setAttribute("aria-live", "off");
    this.line?.removeAttribute("role");
    this.panel = new Panel(this);
    this.about = this.served();
    this.last = fieldsOf(form);
    this.writing = new Map();
    this.queue = Promise.resolve();
    this.sheet = null;
    this.saved = null;
  }

  get closed() {
    return this.words.outbox === "closed";
  }

  get final() {
    return this.words.outbox === "submitted";
  }

  served() {
    const { base, paper, code, title } = this.form.dataset;
    const url = this.form.getAttribute("action");
    const version = Number(this.form.elements.namedItem("version").value);
    return { base, paper, code, title, url, version, fields: fieldsOf(this.form) };
  }

  async open() {
    this.saved = await this.outbox.seen(this.about, this.words.outbox);
    if (this.saved && this.saved.version > this.about.version && this.sameRubric(this.saved)) {
      this.about = { ...this.about, version: this.saved.version };
      this.show(this.saved.fields);
    }
    this.sheet = await this.outbox.sheets.get(this.about.paper);
    if (this.sheet) this.show(this.sheet.fields);
    this.render();
  }

  sameRubric(other) {
    return other.fields.rubric_version === this.about.fields.rubric_version;
  }

  /* Fields that are being written just now keep what the judge has in them. */
  show(fields) {
    if (this.closed) return;
    const { rubric_version: _fixed, ...shown } = fields;
    for (const name of this.writing.keys()) delete shown[name];
    fillFields(this.form, shown);
    for (const [name, text] of Object.entries(fieldsOf(this.form))) if (!this.writing.has(name)) this.last[name] = text;
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  changed() {
    const now = fieldsOf(this.form);
    const fresh = Object.fromEntries(Object.entries(now).filter(([name, text]) => this.last[name] !== text));
    if (!Object.keys(fresh).length) return;
    this.last = now;
    this.keep(fresh, now);
  }

  /* One write after the other, in the order of typing. */
  keep(fresh, now, options = {}) {
    for (const name of Object.keys(fresh)) this.writing.set(name, (this.writing.get(name) ?? 0) + 1);
    this.queue = this.queue
      .then(async () => {
        const moved = this.sheet && !this.sameRubric(this.sheet);
        const state = this.final ? "held" : "waiting";
        const about = { ...this.about, fields: now };
        this.sheet = await this.outbox.typed(about, moved ? now : fresh, { state, moved, ...options });
      })
      .catch(() => this.say("failed", this.words.textDirty))
      .finally(() => {
        for (const name of Object.keys(fresh)) {
          const left = this.writing.get(name) - 1;
          if (left) this.writing.set(name, left);
          else this.writing.delete(name);
        }
      });
    if (!this.outbox.sender.running) this.outbox.sender.plan(this.outbox.sender.trouble ? QUIET_MS * 3 : QUIET_MS);
    return this.queue;
  }

  async submit(act) {
    const now = fieldsOf(this.form);
    const missing = act === "submit" && marksMissing(this.form);
    const wanted = act === "submit" && !missing;
    this.last = now;
    await this.queue;
    if (wanted || missing || this.sheet || this.final) {
      await this.keep(now, now, { act: act === "submit" || this.final ? "submit" : "" });
    }
    await Promise.race([this.queue.then(() => this.outbox.sender.flush()), sleep(WAIT_MS)]);
    this.sheet = await this.outbox.sheets.get(this.about.paper);
    if (this.sheet && missing) return this.incomplete();
    if (this.sheet && this.sheet.state !== "waiting") return this.render(true);
    return goOn(this, act);
  }

  /* A submission with blanks waits as a draft: its judge is here now and may be far away when the network is back. */
  async incomplete() {
    if (this.sheet.state === "waiting") {
      await this.outbox.sheets.change(this.about.paper, (before) => before && { ...before, act: "" });
      this.say("failed", this.words.textMissing);
    } else this.render(true);
    this.form.querySelector("[data-criterion]:not(:has(:checked)) input")?.focus();
  }

  async update(paper) {
    this.sheet = await this.outbox.sheets.get(this.about.paper);
    if (paper === this.about.paper) {
      this.saved = await this.outbox.papers.get(paper);
      if (this.saved?.version > this.about.version) this.follow(this.saved.version);
      const shown = this.sheet ?? this.saved;
      if (shown && this.sameRubric(shown)) this.show(shown.fields);
    }
    this.render();
  }

  stored({ paper, answer }) {
    if (paper !== this.about.paper) return;
    this.follow(answer.version);
    this.form.dispatchEvent(new CustomEvent("bv:saved", { bubbles: true, detail: answer }));
    if (answer.changed_since) window.location.reload();
  }

  follow(version) {
    this.form.elements.namedItem("version").value = version;
    this.about = { ...this.about, version };
  }

  async render(loud = false) {
    const waiting = (await this.outbox.all()).filter((one) => one.state === "waiting").length;
    const { sheet } = this;
    showErrors(this.form, sheet?.state === "wrong" ? sheet.errors : {});
    this.panel.show(sheet, this.outbox.sender.trouble, loud);
    if (sheet) return this.tell(sheet, waiting);
    if (this.saved?.saved_at) this.say("saved", this.words.textSaved, { time: clockOf(this.saved.saved_at), waiting });
    else if (this.saved?.version && this.line?.dataset.saveState !== "saved") this.say("idle", "");
  }

  tell(sheet, waiting) {
    const { trouble } = this.outbox.sender;
    if (sheet.state === "stale") return this.say("conflict", this.words.textStale);
    if (sheet.state === "refused") return this.say("failed", this.words.textKept);
    if (sheet.state === "wrong") return this.say("failed", this.words.textRefused);
    if (sheet.state === "held") return this.say("dirty", this.words.textDirty);
    if (trouble) return this.say("failed", this.words.textWaiting, { count: waiting });
    return this.say("saving", this.words.textSaving);
  }

  say(state, text, { time = "", count = 0, waiting = 0 } = {}) {
    const whole = speak(text, { time, count });
    const rest = waiting ? ` · ${speak(this.words.textWaiting, { count: waiting })}` : "";
    if (this.line) {
      this.line.dataset.saveState = state;
      this.line.querySelector("[data-save-text]").textContent = whole + rest;
    }
    this.panel.announce(state, whole + rest);
  }

  listen() {
    const changed = () => this.changed();
    this.form.addEventListener("input", changed);
    this.form.addEventListener("change", changed);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit(event.submitter?.value ?? "draft");
    });
    this.outbox.addEventListener("change", ({ detail }) => this.update(detail));
    this.outbox.addEventListener("stored", ({ detail }) => this.stored(detail));
    this.outbox.listen();
  }
}

/* A page that was opened before the worker could see it is kept now, so that it opens without network. */
async function keepThis(base, account) {
  await register(base);
  const address = window.location.pathname;
  if (able() && !(await kept(address))) await keepPage(address, account);
}

export async function start(form) {
  let outbox = null;
  try {
    outbox = new Outbox(await adopt(form.dataset.account, form.dataset.seal));
    const paper = new Paper(form, outbox);
    paper.listen();
    await paper.open();
  } catch (error) {
    // No database on this device, a private window for example: the page saves as any other form does.
    if (outbox) throw error;
    return (await import("../autosave.js")).start(form);
  }
  form.dataset.outboxReady = "";
  outbox.sender.flush();
  keepThis(form.dataset.base, form.dataset.account).catch(() => {});
}
