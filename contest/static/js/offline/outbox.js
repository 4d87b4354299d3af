/*
 * One sheet per paper waits here until the server has stored it. A sheet is what a page of the paper shows; several
 * tabs write into the same sheet field by field, so none overwrites what was typed in another.
 *
 * states: waiting (to be sent), held (typed over a submitted paper, sent when the judge says so), stale (another device
 * was first), wrong (a mark to correct), refused (the server will not take it: kept to be copied).
 */
import { Rows } from "./rows.js";
import { Sender } from "./sending.js";
import { hex } from "./seal.js";

const REMEMBERED = 64;
const CHANNEL = "judging-outbox";
const SENDABLE = new Set(["waiting"]);

/* Web Crypto's randomUUID is missing on plain http, where a venue's own network runs. */
export const newKey = () => hex(crypto.getRandomValues(new Uint8Array(16)));

export class Outbox extends EventTarget {
  constructor(owner) {
    super();
    this.account = owner.account;
    this.key = owner.key;
    this.sheets = new Rows(owner, "outbox");
    this.papers = new Rows(owner, "papers");
    this.sender = new Sender(this);
    this.channel = window.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;
    this.channel?.addEventListener("message", ({ data }) => this.tell(data, false));
  }

  tell(paper = "", spread = Boolean(paper)) {
    if (spread) this.channel?.postMessage(paper);
    this.dispatchEvent(new CustomEvent("change", { detail: paper }));
  }

  listen() {
    window.addEventListener("online", () => this.sender.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.sender.flush());
    window.addEventListener("pageshow", () => this.sender.flush());
  }

  all() {
    return this.sheets.all();
  }

  async sendable() {
    return (await this.all()).filter((sheet) => SENDABLE.has(sheet.state));
  }

  async unsent() {
    return (await this.all()).filter((sheet) => sheet.state !== "held" || sheet.changed);
  }

  /* `fields` were typed over `about` {paper, url, base, code, title, version, fields}. A new content gets a new key. */
  async typed(about, fields, { state = "waiting", act = "", moved = false } = {}) {
    const sheet = await this.sheets.change(about.paper, (before) => {
      // A new rubric: what was typed on the old one is carried by the page, not by the names of its criteria.
      const whole = { ...about.fields, ...(moved ? {} : before?.fields), ...fields };
      const next = { ...about, ...before, fields: whole, act: act || before?.act || "", changed: true };
      const unheard = before?.sent ? [...before.unheard, before.key] : (before?.unheard ?? []);
      return {
        ...next,
        state: before?.state === "stale" ? "stale" : act || before?.act ? "waiting" : state,
        key: newKey(),
        sent: false,
        unheard: unheard.slice(-REMEMBERED),
        started_at: before?.started_at ?? new Date().toISOString(),
        errors: {},
      };
    });
    this.tell(about.paper);
    return sheet;
  }

  /* Notes, before the first byte leaves, that the server may come to know this key. */
  async sending(paper) {
    const sheet = await this.sheets.change(paper, (before) =>
      before && SENDABLE.has(before.state) ? { ...before, sent: true } : undefined,
    );
    return sheet && SENDABLE.has(sheet.state) ? sheet : null;
  }

  async stored(sent, answer) {
    await this.papers.change(sent.paper, () => acknowledged(sent, answer));
    await this.sheets.change(sent.paper, (before) => {
      if (!before || before.key === sent.key) return null;
      const unheard = before.unheard.slice(before.unheard.indexOf(sent.key) + 1);
      return { ...before, version: answer.version, unheard };
    });
    this.dispatchEvent(new CustomEvent("stored", { detail: { paper: sent.paper, answer } }));
    this.tell(sent.paper);
  }

  /* The newer version is our own when its key is: then the answer was lost, and what was typed since follows it. */
  async stale(sent, { current, message }) {
    await this.sheets.change(sent.paper, (before) => {
      if (!before || before.key !== sent.key) return undefined;
      if ([...before.unheard, before.key].includes(current.key)) return { ...before, version: current.version };
      return { ...before, state: "stale", current, message };
    });
    this.sender.again = true;
    this.tell(sent.paper);
  }

  async refused(sent, status, body) {
    const errors = body?.errors ?? {};
    const wrong = Object.keys(errors).length > 0;
    await this.sheets.change(sent.paper, (before) => {
      if (!before || before.key !== sent.key) return undefined;
      const told = { errors, message: body?.message ?? "", code: body?.error ?? String(status) };
      Object.assign(told, { late: body?.late ?? "", late_url: body?.late_url ?? "" });
      return { ...before, ...told, state: wrong ? "wrong" : "refused", act: wrong ? "" : before.act, sent: false };
    });
    this.tell(sent.paper);
  }

  /* After a look at both versions: what was typed here goes over what is stored, or is thrown away. */
  async keepMine(paper) {
    await this.sheets.change(paper, (before) => {
      if (!before) return undefined;
      const version = before.current?.version ?? before.version;
      return { ...before, state: "waiting", version, current: null, key: newKey(), sent: false, unheard: [] };
    });
    this.tell(paper);
    return this.sender.flush();
  }

  /* The round may have been opened again, the paper given back. */
  async retry(paper) {
    await this.sheets.change(paper, (before) => (before ? { ...before, state: "waiting" } : undefined));
    this.tell(paper);
    return this.sender.flush();
  }

  async discard(paper) {
    await this.sheets.change(paper, (before) => (before ? null : undefined));
    this.tell(paper);
  }

  /* Remembers what a page of the paper was served with; an older copy from the device's store changes nothing. */
  async seen(about, state) {
    return this.papers.change(about.paper, (before) => {
      if (before && before.version >= about.version) return undefined;
      const { base, paper, version, fields } = about;
      return { base, paper, version, fields, state, saved_at: null };
    });
  }
}

function acknowledged(sent, answer) {
  const marks = Object.fromEntries(Object.entries(answer.marks ?? {}).map(([code, text]) => [`mark-${code}`, text]));
  const texts = { feedback: answer.feedback, private_note: answer.private_note };
  const rubric_version = sent.fields.rubric_version;
  return {
    base: sent.base,
    paper: sent.paper,
    version: answer.version,
    fields: { ...marks, ...texts, rubric_version },
    state: answer.state,
    saved_at: answer.saved_at,
  };
}
