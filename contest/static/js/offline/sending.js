/*
 * Carries the outbox to the server: oldest sheet first, each under the key of its content, so that an answer lost on
 * the way is no second mark. Nothing here calls a sheet saved: the server's answer does.
 */
// A lost network often says nothing. Asked again under the same key, a slow server does nothing twice.
const PATIENCE_MS = 8000;
const FRESH_MS = 60_000;
const RETRY_MS = [1000, 2000, 4000, 8000];
const SIGNED_OUT = new Set([401]);

export async function ask(url, options = {}) {
  const stop = new AbortController();
  const timer = window.setTimeout(() => stop.abort(), PATIENCE_MS);
  const headers = { "X-Requested-With": "outbox", Accept: "application/json", ...options.headers };
  try {
    const answer = await fetch(url, {
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      ...options,
      headers,
      signal: stop.signal,
    });
    // Read here: a connection that breaks inside the body is a broken connection, too.
    const text = await answer.text();
    return { status: answer.status, body: parsed(text), after: answer.headers.get("Retry-After") };
  } finally {
    window.clearTimeout(timer);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/* Raised when the server cannot be reached, is busy, or does not know the account: the sheet waits as it is. */
class Later extends Error {
  constructor(reason, after = null) {
    super(reason);
    this.reason = reason;
    this.after = Number(after) > 0 ? Number(after) * 1000 : null;
  }
}

export class Sender {
  constructor(outbox) {
    this.outbox = outbox;
    this.tokens = new Map();
    this.running = null;
    this.again = false;
    this.tries = 0;
    this.timer = 0;
    this.trouble = "";
  }

  plan(delay) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), delay);
  }

  /* Sends what waits; a call during a run makes it run once more. Done when nothing is left that can be sent now. */
  flush() {
    window.clearTimeout(this.timer);
    if (this.running) this.again = true;
    else this.running = this.run().finally(() => (this.running = null));
    return this.running;
  }

  async run() {
    do {
      this.again = false;
      const stopped = await this.pass();
      if (stopped) return;
    } while (this.again);
  }

  async pass() {
    try {
      for (const sheet of await this.outbox.sendable()) await this.send(sheet);
      this.settle("");
      this.tries = 0;
      return false;
    } catch (error) {
      this.tokens.clear();
      this.settle(error instanceof Later ? error.reason : "unreachable");
      const wait = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
      this.tries += 1;
      if ((await this.outbox.sendable()).length) this.plan(Math.min(error.after ?? wait, RETRY_MS.at(-1)));
      return true;
    }
  }

  settle(trouble) {
    this.trouble = trouble;
    this.outbox.tell();
  }

  /* A fresh token, and the server's word that this browser is signed in as the owner of the sheet. */
  async token(base) {
    const known = this.tokens.get(base);
    if (known && Date.now() - known.at < FRESH_MS) return known.csrf;
    const { status, body } = await ask(`${base}device/hello.json`);
    if (SIGNED_OUT.has(status)) throw new Later("signed_out");
    if (status === 200 && body && body.account !== this.outbox.account) throw new Later("stranger");
    if (status >= 400 || !body) throw new Later(status === 403 || status === 404 ? "shut" : "unreachable");
    this.tokens.set(base, { csrf: body.csrf, at: Date.now() });
    return body.csrf;
  }

  async send(sheet) {
    const csrf = await this.token(sheet.base);
    const sent = await this.outbox.sending(sheet.paper);
    if (!sent) return;
    const answer = await ask(sent.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(wire(sent)),
    });
    await this.take(sent, answer);
  }

  async take(sent, { status, body, after }) {
    if (SIGNED_OUT.has(status)) throw new Later("signed_out");
    if (status >= 500 || status === 429 || status === 408) throw new Later("busy", after);
    if (status === 400 && body?.error === "csrf") throw new Later("csrf", 0.1);
    if (status === 200 && body?.saved_at) return this.outbox.stored(sent, body);
    if (status === 409 && body?.current) return this.outbox.stale(sent, body);
    return this.outbox.refused(sent, status, body);
  }
}

/* The save protocol: marks by criterion, as typed. */
export function wire(sheet) {
  const marks = {};
  for (const [name, text] of Object.entries(sheet.fields)) if (name.startsWith("mark-")) marks[name.slice(5)] = text;
  return {
    version: sheet.version,
    rubric_version: sheet.fields.rubric_version,
    key: sheet.key,
    after: sheet.unheard.filter((key) => key !== sheet.key).slice(-8).join(" "),
    act: sheet.act,
    started_at: sheet.started_at,
    marks,
    feedback: sheet.fields.feedback ?? "",
    private_note: sheet.fields.private_note ?? "",
  };
}
