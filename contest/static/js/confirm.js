/* Confirm by typing a name: the button wakes up when the text is right. The server checks again. */
const plain = (text) => text.normalize("NFC").trim().replace(/\s+/g, " ").toLocaleLowerCase("vi");

export function start(form) {
  const input = form.querySelector("[data-confirm-input]");
  const button = form.querySelector("button[type=submit]");
  const wanted = plain(form.dataset.confirm);
  const check = () => (button.disabled = plain(input.value) !== wanted);
  input.addEventListener("input", check);
  check();
}
