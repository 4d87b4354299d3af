/* The page "ready for bad Wi-Fi": stores the papers, says what is here and what is not, and guards the way out. */
import { adopt, forget, strangers } from "./account.js";
import { markRows } from "./desk.js";
import { LARGEST, able, kept, register } from "./keeping.js";
import { Outbox } from "./outbox.js";
import { plain } from "./panel.js";
import { keepAll, refresh } from "./readiness.js";
import { Rows } from "./rows.js";
import { sizeOf, speak } from "./words.js";

/* A page and its pictures weigh about this much. */
const PAGE_BYTES = 60_000;

function needed(papers) {
  const files = papers.flatMap((paper) => paper.files).filter((file) => file.size <= LARGEST);
  return files.reduce((sum, file) => sum + file.size, papers.length * PAGE_BYTES);
}

class Device {
  constructor(root, outbox) {
    this.root = root;
    this.words = root.dataset;
    this.outbox = outbox;
    this.lists = new Rows(outbox, "lists");
  }

  part(name) {
    return this.root.querySelector(`[data-device-${name}]`);
  }

  button(name) {
    return this.root.querySelector(`[data-device-do="${name}"]`);
  }

  say(text, facts = {}) {
    this.part("status").textContent = speak(text, facts);
  }

  async show() {
    const sheets = await this.outbox.all();
    this.sheets(sheets);
    await this.rows();
    const others = await strangers(this.outbox.account);
    this.part("strangers").hidden = !others;
    this.part("strangers").textContent = speak(this.words.textStrangers, { count: others });
    this.part("missing").hidden = window.location.hash !== "#missing";
    this.leaving(sheets);
  }

  sheets(sheets) {
    markRows(this.words, sheets);
    const refused = sheets.filter((sheet) => sheet.state === "refused");
    this.part("refused").hidden = !refused.length;
    const text = refused.map((sheet) => `${plain(sheet)}\n(${sheet.message})`).join("\n\n");
    this.part("refused").querySelector("textarea").value = text;
  }

  async rows() {
    const list = await this.lists.get(this.words.base);
    const papers = new Map((list?.papers ?? []).map((paper) => [paper.paper, paper]));
    for (const line of this.root.querySelectorAll("[data-paper]")) {
      const paper = papers.get(line.dataset.paper);
      const here = Boolean(paper?.bytes !== undefined && (await kept(paper.url)));
      line.classList.toggle("is-kept", here);
      line.querySelector("[data-device-kept]").textContent = here ? this.kept(paper) : this.words.textMissing;
    }
    if (list?.ready) this.done(list);
    else if (able() && list) this.say(this.words.textNeeds, { size: sizeOf(needed(list.papers)) });
  }

  kept({ bytes, missed }) {
    return speak(missed ? this.words.textSome : this.words.textKept, { size: sizeOf(bytes), count: missed });
  }

  done(list) {
    const missed = list.papers.some((paper) => paper.missed);
    this.say(missed ? this.words.textPartly : this.words.textDone, { size: sizeOf(list.total) });
  }

  async keep() {
    const bar = this.part("progress");
    const button = this.button("keep");
    bar.hidden = false;
    button.disabled = true;
    try {
      await navigator.storage?.persist?.();
      await keepAll(this.outbox, this.words.base, (done, total) => {
        bar.value = done / total;
        this.say(this.words.textBusy, { done, total });
      });
      await this.show();
    } catch (error) {
      console.warn(error);
      this.say(error.name === "QuotaExceededError" ? this.words.textFull : this.words.textBroken);
    }
    bar.hidden = true;
    button.disabled = false;
  }

  /* Nobody signs out over marks that were not sent without having been told. */
  async leaving(sheets) {
    const open = window.location.hash === "#sign-out";
    const part = this.part("leave");
    part.hidden = !open;
    if (!open) return;
    const unsent = sheets.length;
    this.part("unsent").textContent = speak(this.words.textWaiting, { count: unsent });
    this.part("leave").querySelector(".bv-callout").hidden = !unsent;
    this.button("send").hidden = !unsent;
    this.root.querySelector("[data-device-go=keep]").hidden = !unsent;
    part.scrollIntoView({ block: "start" });
  }

  async leave(form) {
    await forget(this.outbox.account, { unsent: form.dataset.deviceGo === "drop" });
    form.submit();
  }

  listen() {
    this.root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-device-do]")?.dataset.deviceDo;
      if (act === "keep") this.keep();
      if (act === "send") this.outbox.sender.flush();
    });
    for (const form of this.root.querySelectorAll("[data-device-go]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.leave(form);
      });
    }
    window.addEventListener("hashchange", () => this.show());
    this.outbox.addEventListener("change", () => this.show());
    this.outbox.listen();
  }
}

export async function start(root) {
  const outbox = new Outbox(await adopt(root.dataset.account, root.dataset.seal));
  const device = new Device(root, outbox);
  device.listen();
  await register(root.dataset.base);
  if (able()) device.button("keep").hidden = false;
  else device.say(root.dataset.textUnable);
  await device.show();
  await outbox.sender.flush();
  await refresh(outbox, root.dataset).then(() => device.show(), () => {});
}
