/* Loads a behaviour only on pages that ask for it by a data- attribute. Every page works without any of them. */
const BEHAVIOURS = [
  ["[data-countdown]", "./countdown.js"],
  ["form[data-autosave]", "./autosave.js"],
  ["form[data-keep], form[data-unsaved], form[data-keeps-typed]", "./keep.js"],
  ["[data-copy], [data-print]", "./buttons.js"],
  ["form[data-confirm]", "./confirm.js"],
  ["[data-filter]", "./filter.js"],
  ["[data-counter]", "./counter.js"],
  ["[data-drop]", "./drop.js"],
  ["[data-theme-form], [data-menu]", "./menu.js"],
  ["time[data-local]", "./localtime.js"],
];

for (const [selector, path] of BEHAVIOURS) {
  const found = document.querySelectorAll(selector);
  if (found.length) import(path).then((module) => found.forEach((element) => module.start(element)));
}

document.querySelector("[data-focus]")?.focus();
