/* The table of submissions and judges, worked by keyboard and by drag. Each act posts to the address that the plain
   forms of a submission's page use; then the board is fetched anew, so that the server alone says what stands there. */
const LOOSE = new Set(["free", "pinned", "added", "kept"]);
const OPEN = new Set(["", "removed"]);
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const cells = (table) => [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td[data-mark]")]);

function where(cell) {
  const row = cell.closest("tr");
  const column = [...row.querySelectorAll("td[data-mark]")].indexOf(cell);
  const table = cell.closest("table");
  return { row: row.dataset.row, judge: table.querySelectorAll("th[data-judge]")[column].dataset.judge };
}

function spot(cell) {
  const row = cell.closest("tr");
  return [row.sectionRowIndex, [...row.querySelectorAll("td[data-mark]")].indexOf(cell)];
}

function focus(table, [row, column]) {
  const grid = cells(table);
  const cell = grid[Math.min(Math.max(row, 0), grid.length - 1)]?.[Math.min(Math.max(column, 0), grid[0].length - 1)];
  if (!cell) return;
  table.querySelectorAll("td[tabindex='0']").forEach((other) => (other.tabIndex = -1));
  cell.tabIndex = 0;
  cell.focus();
}

async function renew(place) {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("board").replaceWith(page.getElementById("board"));
  const list = page.getElementById("proposals");
  if (list) document.getElementById("proposals")?.replaceWith(list);
  const table = document.querySelector("table[data-matrix]");
  if (table) {
    start(table);
    focus(table, place);
  }
}

async function send(table, verb, cell, extra, place) {
  if (table.ariaBusy === "true") return;
  table.setAttribute("aria-busy", "true");
  const from = where(cell);
  const body = new URLSearchParams({ csrf_token: table.dataset.token, judge: from.judge, ...extra });
  const headers = { "X-Requested-With": "matrix" };
  try {
    const answer = await fetch(table.dataset[verb].replace("~", from.row), { method: "POST", body, headers });
    const words = answer.ok ? "" : await refusal(answer, table);
    await renew(place);
    if (words) say(words);
  } catch {
    table.removeAttribute("aria-busy");
    say(table.dataset.textFailed);
  }
}

async function refusal(answer, table) {
  const kind = answer.headers.get("Content-Type") ?? "";
  if (kind.includes("json")) return (await answer.json()).message || table.dataset.textFailed;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector(".bv-flashes")?.textContent.trim() || table.dataset.textFailed;
}

function say(words) {
  let line = document.getElementById("matrix-said");
  if (!line) {
    line = document.createElement("p");
    line.id = "matrix-said";
    line.className = "bv-callout bv-callout-danger";
    line.setAttribute("role", "alert");
    document.querySelector("table[data-matrix]").closest(".bv-table-wrap").before(line);
  }
  line.textContent = words;
}

function toggle(table, cell) {
  const mark = cell.dataset.mark;
  if (LOOSE.has(mark)) send(table, "unassign", cell, {}, spot(cell));
  else if (OPEN.has(mark)) send(table, "assign", cell, {}, spot(cell));
}

function pin(table, cell) {
  if (cell.dataset.mark === "pinned") send(table, "unpin", cell, {}, spot(cell));
  else if (LOOSE.has(cell.dataset.mark)) send(table, "pin", cell, {}, spot(cell));
}

function onKey(table, event) {
  const cell = event.target.closest("td[data-mark]");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  const step = MOVES[event.key];
  if (step) {
    const [row, column] = spot(cell);
    focus(table, [row + step[0], column + step[1]]);
  } else if (event.key === "Home" || event.key === "End") {
    focus(table, [spot(cell)[0], event.key === "Home" ? 0 : Infinity]);
  } else if (event.key === "Enter" || event.key === " ") toggle(table, cell);
  else if (event.key.toLowerCase() === "p") pin(table, cell);
  else return;
  event.preventDefault();
}

function dragging(table) {
  let held = null;
  const over = (event) => event.target.closest?.("td[data-mark]");
  const clear = () => table.querySelectorAll(".is-over").forEach((cell) => cell.classList.remove("is-over"));
  table.addEventListener("dragstart", (event) => {
    held = over(event);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  table.addEventListener("dragover", (event) => {
    const cell = over(event);
    clear();
    if (!held || !cell || !OPEN.has(cell.dataset.mark)) return;
    cell.classList.add("is-over");
    event.preventDefault();
  });
  table.addEventListener("drop", (event) => {
    const cell = over(event);
    clear();
    if (!held || !cell || cell === held) return;
    event.preventDefault();
    const to = where(cell);
    send(table, "move", held, { to_judge: to.judge, to_submission: to.row }, spot(cell));
  });
  table.addEventListener("dragend", () => {
    held = null;
    clear();
  });
}

export function start(table) {
  const grid = cells(table);
  grid.flat().forEach((cell) => {
    cell.tabIndex = -1;
    cell.draggable = LOOSE.has(cell.dataset.mark);
  });
  if (grid[0]?.[0]) grid[0][0].tabIndex = 0;
  table.addEventListener("keydown", (event) => onKey(table, event));
  dragging(table);
  document.querySelectorAll("[data-matrix-help]").forEach((line) => (line.hidden = false));
}
