/* A phone as remote control: the code comes after the sign # and stays on the phone; presses go by fetch. */
const form = document.querySelector("[data-remote]");
const said = form.querySelector("[data-said]");
const STORE = "bv-remote-code";
const HELD_MS = 500;
let last = 0;

const scanned = window.location.hash.slice(1);
if (scanned) {
  sessionStorage.setItem(STORE, scanned);
  window.history.replaceState(null, "", window.location.pathname);
}
form.elements.code.value ||= sessionStorage.getItem(STORE) ?? "";

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (Date.now() - last < HELD_MS) return; // a bouncing thumb is one press
  last = Date.now();
  const data = new FormData(form);
  data.set("verb", event.submitter?.value ?? "next");
  said.textContent = form.dataset.textSending;
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    const told = await answer.json();
    said.textContent = told.said ?? told.message;
    if (answer.ok) sessionStorage.setItem(STORE, form.elements.code.value);
    navigator.vibrate?.(30);
  } catch {
    said.textContent = form.dataset.textAway;
  }
});
