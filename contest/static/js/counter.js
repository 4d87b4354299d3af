/* Characters or words used of a limit, counted as the server counts them: NFC code points, one per line break; a word is a
   piece between spaces that holds a letter or a digit. */
const characters = (text) => [...text.normalize("NFC").trim()].length;
const words = (text) => text.split(/\s+/).filter((piece) => /[\p{L}\p{N}]/u.test(piece)).length;

export function start(input) {
  const line = document.querySelector(`[data-counter-for="${CSS.escape(input.id)}"]`);
  if (!line) return;
  const limit = Number(input.dataset.counter);
  const measure = input.dataset.counterUnit === "words" ? words : characters;
  const show = () => {
    const count = measure(input.value);
    line.textContent = line.dataset.text.replace("{count}", count).replace("{limit}", limit);
    line.classList.toggle("is-over", count > limit);
  };
  input.addEventListener("input", show);
  input.form?.addEventListener("input", show);
  show();
}
