/* Sealed rows of one account, a score sheet per row: read, changed, and written if nobody else wrote meanwhile. */
import * as store from "./store.js";
import { seal, unseal } from "./seal.js";

export class Rows {
  constructor({ account, key }, name) {
    this.account = account;
    this.key = key;
    this.name = name;
  }

  id(paper) {
    return `${this.account}:${paper}`;
  }

  async opened(row) {
    if (!row || row.account !== this.account) return null;
    const body = await unseal(this.key, row.sealed);
    return body && { ...body, seq: row.seq, rev: row.rev };
  }

  async get(paper) {
    return this.opened(await store.read(this.name, this.id(paper)));
  }

  /* Oldest first. */
  async all() {
    const rows = (await store.readAll(this.name)).filter((row) => row.account === this.account);
    const bodies = await Promise.all(rows.map((row) => this.opened(row)));
    return bodies.filter(Boolean).sort((one, other) => one.seq - other.seq);
  }

  /*
   * Stores what `change(body or null)` returns; null deletes, undefined leaves it. Sealing takes a moment in which
   * another tab may write: then it is done again over what that tab wrote.
   */
  async change(paper, change) {
    for (;;) {
      const before = await store.read(this.name, this.id(paper));
      const body = await change(await this.opened(before));
      if (body === undefined) return before ? this.opened(before) : null;
      const row = body && (await this.sealed(paper, body, before));
      if (await this.swap(paper, before?.rev ?? 0, row)) return row ? { ...body, seq: row.seq, rev: row.rev } : null;
    }
  }

  async sealed(paper, body, before) {
    const { seq: _seq, rev: _rev, ...content } = body;
    const seq = body.seq ?? before?.seq ?? Date.now() + Math.random();
    return {
      id: this.id(paper),
      account: this.account,
      base: body.base,
      seq,
      rev: (before?.rev ?? 0) + 1,
      sealed: await seal(this.key, content),
    };
  }

  swap(paper, seen, row) {
    return store.write(this.name, async (place) => {
      const now = await store.answered(place.get(this.id(paper)));
      if ((now?.rev ?? 0) !== seen) return false;
      await store.answered(row ? place.put(row) : place.delete(this.id(paper)));
      return true;
    });
  }
}
