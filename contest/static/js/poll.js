/* Something that is being worked on: its part of the page is fetched anew until it no longer asks for it. */
export function start(element) {
  const again = async () => {
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(element.id);
      if (!answer.ok || !fresh) return;
      element.replaceWith(document.adoptNode(fresh));
      element = fresh;
    } catch {
      // The network is away: what stands there stays, and the next turn asks again.
    }
    if ("poll" in element.dataset) window.setTimeout(again, Number(element.dataset.poll));
  };
  window.setTimeout(again, Number(element.dataset.poll));
}
