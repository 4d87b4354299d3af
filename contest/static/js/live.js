/*
 * The live room: parts of the page are fetched anew when the server's mark has moved. A stream says when; where there is
 * none (no seat left, an old proxy), the page asks again by itself: every four seconds, or as often as it says itself.
 * Answers without news are 304 and cost nothing.
 */
const ASK_MS = 4000;

export function start(element) {
  const every = Number(element.dataset.liveEvery) || ASK_MS;
  let tag = "";
  let busy = false;
  let timer = 0;

  function replace(page) {
    for (const fresh of page.querySelectorAll("[data-live-part]")) {
      const old = document.querySelector(`[data-live-part="${fresh.dataset.livePart}"]`);
      if (old && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
    }
    document.dispatchEvent(new CustomEvent("bv:fresh"));
  }

  async function look() {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const answer = await fetch(element.dataset.live, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") ?? "";
        replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
        element.dataset.liveState = "fresh";
      }
    } catch {
      element.dataset.liveState = "away"; // what stands there stays
    } finally {
      busy = false;
    }
  }

  function ask() {
    window.clearInterval(timer);
    timer = window.setInterval(look, every);
  }

  function listen() {
    if (!("EventSource" in window) || !element.dataset.stream) return ask();
    const stream = new EventSource(element.dataset.stream);
    stream.addEventListener("mark", look);
    stream.addEventListener("open", () => window.clearInterval(timer));
    stream.addEventListener("error", () => {
      ask();
      if (stream.readyState === EventSource.CLOSED) window.setTimeout(listen, 10 * ASK_MS);
    });
  }

  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  listen();
}
