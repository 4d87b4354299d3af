/*
 * The scoring page without a mouse: digits give marks, J and K walk. Everything can be reached with Tab as well; no key
 * means anything while a text is being written.
 */
const TOGETHER_MS = 900;

let typed = { text: "", at: 0, section: null };

function sections(sheet) {
  return [...sheet.querySelectorAll("[data-criterion]")];
}

function here(sheet) {
  const all = sections(sheet);
  const inside = document.activeElement?.closest?.("[data-criterion]");
  return { all, at: inside ? all.indexOf(inside) : -1 };
}

function focusOn(section) {
  const control = section.querySelector("input:checked") ?? section.querySelector("input:not([type=hidden])");
  section.scrollIntoView({ block: "center", behavior: "auto" });
  control?.focus({ preventScroll: true });
}

function walk(sheet, step) {
  const { all, at } = here(sheet);
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  if (all[next]) focusOn(all[next]);
}

/* "1" and "0" soon after each other are 10, "8", "." and "5" are 8.5. */
function digit(sheet, key, now) {
  const { all, at } = here(sheet);
  const section = all[at < 0 ? 0 : at];
  if (!section) return false;
  const buttons = [...section.querySelectorAll("input[type=radio]")];
  if (!buttons.length) {
    const field = section.querySelector("input[inputmode=decimal]");
    if (!field || field === document.activeElement) return false;
    focusOn(section);
    field.select();
    return false;
  }
  const goesOn = typed.section === section && now - typed.at < TOGETHER_MS;
  typed = { text: goesOn ? typed.text + key : key, at: now, section };
  const choose = (text) => buttons.find((one) => one.value === text);
  const found = choose(typed.text) ?? (goesOn && /[0-9]/.test(key) ? choose(key) : undefined);
  if (!found || found.matches(":disabled")) return true;
  if (found.value === key) typed.text = key;
  found.focus({ preventScroll: true });
  if (!found.checked) {
    found.checked = true;
    found.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return true;
}

function leave(name) {
  const link = document.querySelector(`[data-paper-${name}]:not([hidden])`);
  link?.click();
}

function writing(target) {
  return target.matches?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=hidden], [inputmode=decimal])");
}

export function start(sheet) {
  const dialog = document.querySelector("[data-keys]");
  const opener = document.querySelector("[data-keys-open]");
  if (dialog && opener) {
    opener.hidden = false;
    opener.addEventListener("click", () => dialog.showModal());
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog?.open || writing(event.target)) return;
    const letter = event.key.toLowerCase();
    if (event.key === "?" && dialog) dialog.showModal();
    else if (letter === "j" || letter === "k") {
      if (event.shiftKey) leave(letter === "j" ? "after" : "before");
      else walk(sheet, letter === "j" ? 1 : -1);
    } else if (/^[0-9.,]$/.test(event.key)) {
      if (!digit(sheet, event.key === "," ? "." : event.key, event.timeStamp)) return;
    } else return;
    event.preventDefault();
  });
}
