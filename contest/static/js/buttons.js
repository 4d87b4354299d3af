/* Copy and print: shown only when they can work. */
async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("span") ?? button;
  const before = words.textContent;
  words.textContent = button.dataset.textCopied;
  window.setTimeout(() => (words.textContent = before), 2500);
}

export function start(button) {
  if ("print" in button.dataset) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
    return;
  }
  // The clipboard exists only on https and localhost; on a plain venue network the text can still be selected.
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
