/* Keeps typed text over the language and colour switches, and warns before a half-filled form is left. */
import { fill, same, store, typed } from "./typed.js";

const key = (form) => `keep:${window.location.pathname}:${form.id || [...document.forms].indexOf(form)}`;
const kept = () => [...document.querySelectorAll("form[data-keep], form[data-autosave]")];

function keepOnSwitch(switcher) {
  switcher.addEventListener("submit", () => {
    for (const form of kept()) store.put(key(form), typed(form));
    document.dispatchEvent(new Event("bv:leaving"));
  });
}

function restore(form) {
  const pairs = store.take(key(form));
  if (pairs) fill(form, pairs);
}

function warn(form) {
  const first = typed(form);
  let leaving = false;
  form.addEventListener("submit", () => (leaving = true));
  document.addEventListener("bv:leaving", () => (leaving = true));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && !same(first, typed(form))) event.preventDefault();
  });
}

export function start(form) {
  if ("keepsTyped" in form.dataset) return keepOnSwitch(form);
  if ("unsaved" in form.dataset) warn(form);
  if ("keep" in form.dataset) restore(form);
}
