/* Draws the certificate anew while its form is filled in; without this, the button "Preview" does. */
const PAUSE = 900;

export function start(form) {
  const place = document.querySelector(form.dataset.preview);
  let timer = 0, turn = 0;
  const draw = async () => {
    const mine = (turn += 1);
    const data = new FormData(form);
    data.set("preview", "1");
    const answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
    if (!answer || mine !== turn) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(form.dataset.preview);
    if (!fresh || mine !== turn) return;
    place.replaceChildren(...[...fresh.children].filter((part) => part.matches("img") || answer.status === 422));
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, PAUSE);
  });
}
