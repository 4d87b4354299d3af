/*
 * The scoring page: a running total, the meaning of the chosen mark, a fresh key per content, Ctrl+Enter.
 * Everything here is a convenience; the server computes, checks and stores.
 */
const sheet = document.querySelector("form[data-sheet]");
const GRAMMAR = /^([0-9]+)(?:[.,]([0-9]+))?$/;
const KEPT = 8;
const store = (() => {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {} };
  }
})();

/* Exact: a decimal as an integer and its number of places, as the server keeps it. */
function units(text) {
  const found = GRAMMAR.exec(text.trim());
  if (!found) return null;
  const rest = found[2] ?? "";
  return { value: BigInt(found[1] + rest), places: rest.length };
}

function times(one, other) {
  return { value: one.value * other.value, places: one.places + other.places };
}

function plus(one, other) {
  const places = Math.max(one.places, other.places);
  const raise = (number) => number.value * 10n ** BigInt(places - number.places);
  return { value: raise(one) + raise(other), places };
}

function spoken({ value, places }) {
  const digits = value.toString().padStart(places + 1, "0");
  const rest = places ? digits.slice(-places).replace(/0+$/, "") : "";
  const whole = places ? digits.slice(0, -places) : digits;
  return rest ? whole + (document.documentElement.lang === "en" ? "." : ",") + rest : whole;
}

function mark(section) {
  const chosen = section.querySelector("input[type=radio]:checked") ?? section.querySelector("input[type=text]");
  return chosen ? chosen.value : "";
}

function total() {
  let sum = null;
  for (const section of sheet.querySelectorAll("[data-criterion]")) {
    const given = units(mark(section));
    if (given) sum = plus(sum ?? { value: 0n, places: 0 }, times(given, units(section.dataset.weight)));
  }
  const place = sheet.querySelector("[data-total]");
  if (place) place.textContent = sum ? spoken(sum) : "–";
}

function means() {
  for (const section of sheet.querySelectorAll("[data-criterion]")) {
    const place = section.querySelector("[data-meaning]");
    if (!place) continue;
    const given = mark(section).replace(",", ".");
    const line = [...section.querySelectorAll("[data-mark]")].find((one) => one.dataset.mark === given);
    place.textContent = line ? line.querySelector("dd").textContent : "";
    for (const one of section.querySelectorAll("[data-mark]")) one.classList.toggle("is-chosen", one === line);
  }
}

/* Web Crypto's randomUUID is missing on plain http, where a venue's own network runs. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/*
 * Every content gets its own key, the same content keeps it: a double click or a repeated save is one change.
 * Keys that were sent and not answered yet go along, so that an answer lost on the way is no conflict.
 */
let last = { content: "", key: "" };
let unheard = [];

function stamp(event) {
  const data = event.formData;
  const content = JSON.stringify([...data].filter(([name]) => !["csrf_token", "version", "key", "after"].includes(name)));
  if (content !== last.content) last = { content, key: newKey() };
  data.set("after", unheard.filter((key) => key !== last.key).join(" "));
  data.set("key", last.key);
  unheard = [...unheard.filter((key) => key !== last.key), last.key].slice(-KEPT);
}

function heard({ detail }) {
  unheard = unheard.slice(unheard.indexOf(detail.key) + 1);
}

function goOn(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  sheet.requestSubmit(sheet.querySelector("[data-go-on]"));
}

/* A space that a phone adds is no part of a mark. */
function trim({ target }) {
  if (target.matches?.("input[inputmode=decimal]")) target.value = target.value.trim();
}

/* Whoever folds the meanings away wants them away on the next paper, too. */
function folds() {
  const all = [...sheet.querySelectorAll("[data-guidance]")];
  const folded = "bv-guidance-folded";
  if (store.getItem(folded)) for (const one of all) one.open = false;
  for (const one of all) {
    one.querySelector("summary").addEventListener("click", () => {
      // The click comes before the change.
      if (one.open) store.setItem(folded, "1");
      else store.removeItem(folded);
    });
  }
}

/* A second tap on the chosen button takes the mark back: blank is not zero. */
function takeBack(event) {
  const label = event.target.closest(".bv-score-button");
  const radio = label && document.getElementById(label.htmlFor);
  if (!radio?.checked || radio.matches(":disabled")) return;
  event.preventDefault();
  radio.checked = false;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function start() {
  const refresh = () => {
    total();
    means();
  };
  sheet.addEventListener("input", refresh);
  sheet.addEventListener("change", refresh);
  sheet.addEventListener("formdata", stamp);
  sheet.addEventListener("bv:saved", heard);
  sheet.addEventListener("click", takeBack);
  sheet.addEventListener("change", trim, true);
  refresh();
  folds();
  const timer = sheet.querySelector("[data-timer]");
  if (timer) import("./pitch.js").then((module) => module.start(timer));
  if (!sheet.querySelector("[data-go-on]")) return;
  document.addEventListener("keydown", goOn);
  import("./keys.js").then((module) => module.start(sheet));
}

const files = document.querySelectorAll("[data-pages]");
if (files.length) import("./pages.js").then((module) => files.forEach((fold) => module.start(fold)));

if (sheet) start();
