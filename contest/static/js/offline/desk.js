/* The judge's list: which sheets wait on this device, and whether it is ready for bad Wi-Fi. */
import { adopt } from "./account.js";
import { keepPage, kept, register } from "./keeping.js";
import { Outbox } from "./outbox.js";
import { refresh } from "./readiness.js";
import { Rows } from "./rows.js";
import { speak } from "./words.js";

export const SHEET_WORDS = {
  waiting: "textSheetWaiting",
  held: "textSheetHeld",
  stale: "textSheetStale",
  wrong: "textSheetWrong",
  refused: "textSheetRefused",
};

export function markRows(words, sheets) {
  const states = new Map(sheets.map((sheet) => [sheet.url, sheet.state]));
  for (const link of document.querySelectorAll(".bv-papers a[href]")) {
    const state = states.get(link.getAttribute("href"));
    const place = link.querySelector(".bv-paper-state");
    place.dataset.served ??= place.textContent;
    place.textContent = state ? words[SHEET_WORDS[state]] : place.dataset.served;
    link.closest("li").classList.toggle("is-unsent", Boolean(state));
  }
}

async function line(note, outbox) {
  const waiting = (await outbox.all()).filter((sheet) => sheet.state === "waiting").length;
  const words = note.dataset;
  const place = note.querySelector("[data-device-line]");
  place.classList.toggle("is-waiting", waiting > 0);
  if (waiting) {
    const first = outbox.sender.trouble === "signed_out" ? `${words.textSignedOut}. ` : "";
    return (place.textContent = first + speak(words.textWaiting, { count: waiting }));
  }
  const list = await new Rows(outbox, "lists").get(words.base);
  const papers = list?.papers ?? [];
  const here = (await Promise.all(papers.map((paper) => kept(paper.url)))).filter(Boolean).length;
  if (!here) return (place.textContent = "");
  const text = here === papers.length ? words.textReady : words.textPartly;
  return (place.textContent = speak(text, { count: here, total: papers.length }));
}

export async function start(note) {
  const outbox = new Outbox(await adopt(note.dataset.account, note.dataset.seal));
  const show = async () => {
    markRows(note.dataset, await outbox.all());
    await line(note, outbox);
    note.hidden = false;
  };
  outbox.addEventListener("change", show);
  outbox.listen();
  await show();
  await outbox.sender.flush();
  await register(note.dataset.base);
  try {
    await refresh(outbox, note.dataset);
    await keepPage(window.location.pathname, outbox.account);
  } catch {
    /* Without network the list stays as it was kept. */
  }
  await show();
}
