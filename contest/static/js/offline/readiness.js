/* Brings what the device keeps in line with the judge's list: new papers in, papers taken away out. */
import { ask } from "./sending.js";
import { LARGEST, MOST, able, keepFile, keepOnly, keepPage, keepParts, kept, weigh, weighParts } from "./keeping.js";
import { Rows } from "./rows.js";

export async function fetchList(base) {
  const { status, body } = await ask(`${base}device/papers.json`);
  if (status !== 200 || !body) throw new Error(`${status} for the list`);
  return body;
}

/* What a page of a paper shows beside its texts: the rubric, and which files there are. */
const look = ({ version, files }) => JSON.stringify([version, files.map((file) => file.url)]);

const fresh = (papers, before) => {
  const looks = new Map((before ?? []).map((paper) => [paper.paper, look(paper)]));
  return new Set(papers.filter((paper) => looks.get(paper.paper) !== look(paper)).map((paper) => paper.paper));
};

/*
 * Stores every paper of the list; `step(done, total)` is told after each. Returns the row of the list: its papers with
 * `bytes` and `missed` (files that are too large), and `ready`.
 */
export async function keepAll(outbox, base, step = () => {}) {
  const lists = new Rows(outbox, "lists");
  const before = await lists.get(base);
  const list = await fetchList(base);
  const changed = fresh(list.papers, before?.papers);
  let bytes = await keepParts(list.parts);
  for (const address of [base, `${base}device/`]) bytes += await keepPage(address, outbox.account);
  const papers = [];
  for (const paper of list.papers) {
    papers.push(await keepPaper(paper, outbox.account, MOST - bytes, changed.has(paper.paper)));
    bytes += papers.at(-1).bytes;
    step(papers.length, list.papers.length);
  }
  await forgetOthers(base, list.papers);
  const total = papers.reduce((sum, paper) => sum + paper.bytes, await weighParts());
  return lists.change(base, () => ({ base, digest: list.digest, papers, total, ready: true }));
}

async function keepPaper(paper, account, room, changed) {
  if (changed || !(await kept(paper.url))) await keepPage(paper.url, account);
  let left = room;
  let missed = 0;
  for (const file of paper.files) {
    const added = file.size > LARGEST ? null : await keepFile(file.url, left);
    if (added === null) missed += 1;
    else left -= added;
  }
  const bytes = await weigh([paper.url, ...paper.files.map((file) => file.url)]);
  return { ...paper, bytes, missed };
}

async function forgetOthers(base, papers) {
  const wanted = papers.flatMap((paper) => [paper.url, ...paper.files.map((file) => file.url)]);
  await keepOnly(base, [base, `${base}device/`, ...wanted]);
}

/* On the list, with network: a device that was made ready catches up by itself; any other only learns the order. */
export async function refresh(outbox, { base }) {
  const lists = new Rows(outbox, "lists");
  const before = await lists.get(base);
  const list = await fetchList(base);
  if (list.account !== outbox.account || before?.digest === list.digest) return before;
  if (before?.ready && able()) return keepAll(outbox, base);
  // Somebody may have pressed the button meanwhile: what it stored is not taken back.
  const row = { base, digest: list.digest, papers: list.papers, ready: false };
  return lists.change(base, (now) => (now?.ready ? undefined : row));
}
