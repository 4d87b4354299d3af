/* The pages of a file beside the marks, fetched when the fold is opened; without this, a link opens them in a tab. */
async function fill(fold) {
  const place = fold.querySelector("[data-pages-here]");
  if (!fold.open || fold.dataset.pagesState) return;
  fold.dataset.pagesState = "asked";
  try {
    const answer = await fetch(fold.dataset.pages, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.querySelector(".bv-pages, main .bv-callout");
    if (!answer.ok || !list) throw new Error(String(answer.status));
    place.replaceChildren(document.adoptNode(list));
  } catch {
    delete fold.dataset.pagesState;
  }
}

export function start(fold) {
  fold.addEventListener("toggle", () => fill(fold));
}
