/* Loads a behaviour only on pages that ask for it by a data- attribute. Every page works without any of them. */
const BEHAVIOURS = [
  ["[data-countdown]", () => import("./countdown.js")],
  ["form[data-autosave]", () => import("./autosave.js")],
  ["form[data-outbox]", () => import("./offline/paper.js")],
  ["[data-judging-desk]", () => import("./offline/desk.js")],
  ["[data-device]", () => import("./offline/ready.js")],
  ["form[data-sign-out]", () => import("./offline/leaving.js")],
  ["form[data-keep], form[data-unsaved], form[data-keeps-typed]", () => import("./keep.js")],
  ["[data-copy], [data-print]", () => import("./buttons.js")],
  ["form[data-confirm]", () => import("./confirm.js")],
  ["[data-filter]", () => import("./filter.js")],
  ["[data-counter]", () => import("./counter.js")],
  ["form[data-uploads]", () => import("./upload.js")],
  ["[data-drop]", () => import("./drop.js")],
  ["[data-theme-form], [data-menu]", () => import("./menu.js")],
  ["time[data-local]", () => import("./localtime.js")],
  ["table[data-matrix]", () => import("./matrix.js")],
  ["[data-poll]", () => import("./poll.js")],
  ["[data-live]", () => import("./live.js")],
  ["[data-here]", () => import("./here.js")],
  ["[data-passkey]", () => import("./passkeys.js")],
  ["form[data-preview]", () => import("./press.js")],
];

for (const [selector, load] of BEHAVIOURS) {
  const found = document.querySelectorAll(selector);
  if (found.length) load().then((module) => found.forEach((element) => module.start(element)));
}

document.querySelector("[data-focus]")?.focus();

/* A strip that is wider than the page begins where the reader is. */
for (const here of document.querySelectorAll(".bv-nav .is-active, .bv-tabs .is-active")) {
  const strip = here.closest("ul, .bv-tabs");
  const [place, room] = [here.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += place.left - room.left - (room.width - place.width) / 2;
}
