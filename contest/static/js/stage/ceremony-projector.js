/*
 * The projector's window. It opens blank and knows nothing but what the operator's screen tells it: a name arrives with
 * the step that shows it, never before. Letters of both languages are fetched at the start, so that the network may go.
 */
import { fit } from "./ceremony-fit.js";
import { goldLeaf, noGold } from "./ceremony-gold.js";
import { allLetters, stayAwake } from "./ceremony-awake.js";

const body = document.body;
const board = document.querySelector("[data-board]");
const black = document.querySelector("[data-black]");
const gold = document.querySelector("[data-gold]");
const words = JSON.parse(body.dataset.words);
const channel = new BroadcastChannel(body.dataset.channel);
// Letters that the gold gradient would swallow: pictures and scripts of other fonts keep their own colours.
const PICTURES = /\p{Extended_Pictographic}/u;
let told = { screen: { kind: "blank" }, lang: "vi" };
let shown = "";
let addresses = [];

const langs = () => (told.lang === "both" ? ["vi", "en"] : [told.lang]);

function element(tag, kind, ...inside) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...inside.filter((part) => part !== null && part !== ""));
  return made;
}

function text(tag, kind, content) {
  if (!content) return "";
  const made = element(tag, kind, content);
  made.dir = "auto";
  return made;
}

/* One line, or two where both languages are shown and differ. */
function lines(tag, kind, values, below = "bv-stage-second") {
  const found = [...new Set(langs().map((lang) => values[lang]).filter(Boolean))];
  return found.map((content, place) => text(place ? "p" : tag, place ? below : kind, content));
}

const say = (name) => Object.fromEntries(["vi", "en"].map((lang) => [lang, words[lang][name]]));
const rule = () => element("div", "bv-stage-rule");

function huge(values) {
  return lines("h1", "bv-stage-huge", values).map((line) => {
    if (PICTURES.test(line.textContent)) line.classList.add("has-picture-letters");
    return line;
  });
}

function picture(blob, alt, kind = "") {
  const image = element("img", kind);
  const address = URL.createObjectURL(blob);
  addresses.push(address);
  image.src = address;
  image.alt = alt;
  return image;
}

function wall(frame) {
  const logos = frame.logos.map((logo) => picture(logo.picture, logo.name));
  if (logos.length) return element("div", "bv-stage-wall", ...logos);
  const own = frame.logo ? [picture(frame.logo, frame.organiser)] : [];
  return element("div", "bv-stage-wall", ...own, ...(frame.organiser ? [text("span", "", frame.organiser)] : []));
}

function clock() {
  return element("p", "bv-stage-clock", "0:00");
}

function joining(frame) {
  const code = new DOMParser().parseFromString(frame.qr, "text/html").querySelector("svg");
  return element("div", "bv-stage-join", document.adoptNode(code), element("div", "", ...lines("p", "bv-stage-small", say("follow"), "bv-stage-small")));
}

const money = (amount) => langs().map((lang) => `${new Intl.NumberFormat(lang).format(amount)} ₫`)[0];

function awardHead(award) {
  return [
    ...lines("h1", "bv-stage-award", award.name, "bv-stage-kicker"),
    ...lines("p", "bv-stage-kicker", award.track, "bv-stage-small"),
  ];
}

function foot(award, winners = []) {
  const amounts = [...new Set(winners.map((winner) => winner.amount).filter(Boolean))];
  const parts = [
    award.sponsor ? text("p", "bv-stage-small", `${words[langs()[0]].sponsor}: ${award.sponsor}`) : "",
    amounts.length === 1 ? text("p", "bv-stage-small", `${words[langs()[0]].prize}: ${money(amounts[0])}`) : "",
  ].filter(Boolean);
  return parts.length ? element("div", "bv-stage-foot", ...parts) : "";
}

function face(winner) {
  return element("div", "bv-stage-face", winner.photo ? picture(winner.photo, "") : element("span", "", winner.monogram));
}

function particulars(winner, { idea }) {
  return [
    text("p", "bv-stage-team", winner.team),
    winner.title === winner.team ? "" : text("p", "bv-stage-title", winner.title),
    text("p", "bv-stage-school", winner.school),
    idea ? text("p", "bv-stage-idea", winner.idea) : "",
  ];
}

function solo(winner) {
  return element("div", "bv-stage-solo", face(winner), element("div", "bv-stage-words", ...particulars(winner, { idea: true })));
}

function several(winners) {
  const list = element("ul", "bv-stage-several", ...winners.map((winner) => element("li", "", ...particulars(winner, { idea: false }))));
  list.style.setProperty("--columns", winners.length > 4 ? "3" : "2");
  return list;
}

const SCENES = {
  waiting: ({ frame }) => [
    ...lines("p", "bv-stage-kicker", say("soon"), "bv-stage-small"),
    ...huge(frame.edition), rule(), wall(frame), joining(frame),
  ],
  opening: ({ frame }) => [
    ...lines("p", "bv-stage-kicker", frame.edition, "bv-stage-small"),
    ...huge(say("opening")), rule(), ...lines("p", "bv-stage-second", frame.round), text("p", "bv-stage-small", frame.organiser),
  ],
  announce: ({ screen: { award } }) => [
    ...huge(award.name), rule(), ...lines("p", "bv-stage-second", award.track),
    award.presenter ? text("p", "bv-stage-small", `${words[langs()[0]].presented_by}: ${award.presenter}`) : "",
  ],
  drum: ({ screen: { award } }) => [
    ...awardHead(award), element("div", "bv-stage-drum", element("span", "", "★")), ...lines("p", "bv-stage-second", say("and_goes_to")),
  ],
  nobody: ({ screen: { award } }) => [...awardHead(award), rule(), ...lines("p", "bv-stage-second", say("nobody"))],
  reveal: ({ screen: { award, winners } }) => [
    ...awardHead(award),
    ...(winners.length > 1 ? lines("p", "bv-stage-small", say("shared"), "bv-stage-small") : []),
    winners.length > 1 ? several(winners) : solo(winners[0]),
  ],
  thanks: ({ frame }) => [
    ...huge(say("thanks")), rule(), ...lines("p", "bv-stage-second", say("congratulations")), wall(frame),
  ],
  logos: ({ frame }) => [...lines("p", "bv-stage-kicker", say("partners"), "bv-stage-small"), wall(frame), rule(), ...lines("p", "bv-stage-second", frame.edition)],
  countdown: ({ frame }) => [...lines("p", "bv-stage-kicker", say("begins_in"), "bv-stage-small"), clock(), rule(), ...lines("p", "bv-stage-second", frame.edition), joining(frame)],
};

function tick() {
  const place = board.querySelector(".bv-stage-clock");
  if (!place) return;
  const left = told.until ? Math.max(0, told.until - Date.now()) : told.left;
  const seconds = Math.ceil(left / 1000);
  place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function draw() {
  const kind = told.frame ? told.overlay || told.screen.kind : "blank";
  black.hidden = !told.blackout;
  const same = JSON.stringify([kind, told.lang, told.screen, Boolean(told.frame)]);
  if (same === shown) return tick();
  shown = same;
  addresses.splice(0).forEach((address) => URL.revokeObjectURL(address));
  noGold(gold);
  body.dataset.scene = kind;
  if (!SCENES[kind]) return board.replaceChildren();
  const room = element("div", "bv-stage-fit", ...SCENES[kind](told));
  const ending = ["announce", "reveal"].includes(kind) ? foot(told.screen.award, told.screen.winners) : "";
  const scene = element("section", `bv-stage-scene is-${kind}`, room, ending);
  scene.lang = langs()[0];
  board.replaceChildren(scene);
  tick();
  fit(scene);
  for (const image of scene.querySelectorAll("img")) image.addEventListener("load", () => fit(scene));
  if (kind === "reveal") goldLeaf(gold);
  return undefined;
}

async function fetchLetters() {
  await allLetters();
  body.dataset.letters = "here";
  shown = "";
  draw();
}

function keydown(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "F5" || ((event.ctrlKey || event.metaKey) && key === "r")) return event.preventDefault();
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (key === "f") {
    return document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  }
  const act = { " ": "next", ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", b: "blackout", ".": "blackout" }[key];
  if (!act || event.repeat) return undefined;
  event.preventDefault();
  return channel.postMessage({ type: "key", act }); // the laptop's focus may be in this window
}

channel.addEventListener("message", ({ data }) => {
  if (data.type !== "state") return;
  told = data;
  draw();
});
document.addEventListener("keydown", keydown);
window.addEventListener("resize", () => board.firstElementChild && fit(board.firstElementChild));
window.addEventListener("beforeunload", (event) => told.screen.kind !== "blank" && event.preventDefault());
window.setInterval(() => {
  tick();
  channel.postMessage({ type: told.frame ? "alive" : "hello" });
}, 500);
channel.postMessage({ type: "hello" });
stayAwake();
fetchLetters();
