/* What both windows need to outlive the hall: the screen stays on, and every letter is here before the network goes. */

/* Browsers fetch a font file when its first letter is shown; later there may be no network to fetch it from. */
export async function allLetters() {
  await Promise.allSettled([...document.fonts].map((font) => font.load()));
}

/* Keeps the screen on where the browser can; asks again after the page was hidden. */
export function stayAwake() {
  let lock = null;
  const ask = async () => {
    if (document.hidden || !navigator.wakeLock) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      document.documentElement.dataset.awake = "yes";
      lock.addEventListener("release", () => delete document.documentElement.dataset.awake);
    } catch {
      // On battery, or not allowed: the organiser has read to switch the screen saver off.
    }
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
