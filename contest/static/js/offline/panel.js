/* What a judge must know or decide about a sheet: two versions, a refused sheet to copy, a sign-in that has ended. */
import { speak } from "./words.js";

const LOUD = new Set(["failed", "conflict"]);

function nameOf(form, name) {
  const section = form.querySelector(`[data-criterion="${CSS.escape(name)}"] h3`);
  const label = section ?? form.querySelector(`label[for="${CSS.escape(name)}"]`);
  return label ? label.textContent.trim() : name;
}

/* As plain text, to be pasted anywhere. */
export function plain(sheet, name = (field) => field) {
  const lines = Object.entries(sheet.fields).filter(([field, text]) => field !== "rubric_version" && text);
  return [`${sheet.code} ${sheet.title}`, ...lines.map(([field, text]) => `${name(field)}: ${text}`)].join("\n");
}

export class Panel {
  constructor(paper) {
    this.paper = paper;
    this.root = document.querySelector("[data-outbox-panels]");
    this.voice = this.root?.querySelector("[data-outbox-voice]");
    this.shown = "";
    this.told = "";
    this.root?.addEventListener("click", (event) => this.press(event.target.closest("[data-outbox-do]")));
  }

  part(name) {
    return this.root.querySelector(`[data-outbox-panel="${name}"]`);
  }

  show(sheet, trouble, loud) {
    if (!this.root) return;
    const kind = this.kind(sheet, trouble);
    for (const one of this.root.querySelectorAll("[data-outbox-panel]")) one.hidden = one.dataset.outboxPanel !== kind;
    if (kind === "stale") this.both(sheet);
    if (kind === "refused") this.copy(sheet);
    const fresh = kind && kind !== this.shown;
    this.shown = kind;
    if (fresh && (loud || kind !== "signed_out")) this.part(kind).scrollIntoView({ block: "center" });
  }

  kind(sheet, trouble) {
    if (sheet && ["stale", "refused"].includes(sheet.state)) return sheet.state;
    if (sheet && trouble === "signed_out") return "signed_out";
    if (sheet && (trouble === "stranger" || trouble === "shut")) return "shut";
    return "";
  }

  both(sheet) {
    const { form } = this.paper;
    const { current } = sheet;
    const theirs = Object.fromEntries(Object.entries(current.marks).map(([code, text]) => [`mark-${code}`, text]));
    Object.assign(theirs, { feedback: current.feedback, private_note: current.private_note });
    const body = this.part("stale").querySelector("tbody");
    const same = (one, other) => (one ?? "").replace(",", ".") === (other ?? "").replace(",", ".");
    const names = Object.keys(sheet.fields).filter((name) => name !== "rubric_version");
    body.replaceChildren(
      ...names
        .filter((name) => !same(sheet.fields[name], theirs[name]))
        .map((name) => this.row([nameOf(form, name), sheet.fields[name], theirs[name]])),
    );
  }

  row(texts) {
    const line = document.createElement("tr");
    const heads = [...this.part("stale").querySelectorAll("th")].map((one) => one.textContent);
    texts.forEach((text, place) => {
      const cell = document.createElement("td");
      cell.textContent = text || "–";
      if (place) cell.dataset.label = heads[place];
      else cell.className = "is-title";
      line.append(cell);
    });
    return line;
  }

  copy(sheet) {
    const part = this.part("refused");
    part.querySelector("[data-outbox-message]").textContent = sheet.message;
    part.querySelector("textarea").value = plain(sheet, (name) => nameOf(this.paper.form, name));
    const late = part.querySelector("[data-outbox-late]");
    late.hidden = !sheet.late;
    if (sheet.late_url) late.querySelector("a").href = sheet.late_url;
  }

  async press(button) {
    if (!button) return;
    const { outbox, about } = this.paper;
    const act = button.dataset.outboxDo;
    if (act === "mine") await outbox.keepMine(about.paper);
    if (act === "retry") await outbox.retry(about.paper);
    if (act === "copy") await this.toClipboard(button);
    if (act === "stored" || act === "discard") {
      await outbox.discard(about.paper);
      window.location.reload();
    }
  }

  async toClipboard(button) {
    const text = this.part("refused").querySelector("textarea");
    text.select();
    // The clipboard's own interface is missing on plain http.
    const modern = () => navigator.clipboard.writeText(text.value).then(() => true, () => false);
    if (await (navigator.clipboard ? modern() : document.execCommand("copy"))) button.textContent = button.dataset.done;
  }

  /* Said aloud only when something changes for the judge: trouble, and its end. Every single save would be noise. */
  announce(state, text) {
    const worth = LOUD.has(state) || (state === "saved" && LOUD.has(this.told));
    if (state === "saving" || state === "dirty") return;
    if (worth && this.voice && this.voice.textContent !== text) this.voice.textContent = speak(text, {});
    this.told = state;
  }
}
