/* A judge's open page says so now and then: the organiser sees who is at work. Nothing depends on it. */
const EVERY_MS = 25000;

export function start(form) {
  const say = () => {
    if (document.hidden || !navigator.onLine) return;
    const headers = { "X-Requested-With": "here" };
    fetch(form.action, { method: "POST", body: new FormData(form), headers, redirect: "error" }).catch(() => {});
  };
  say();
  window.setInterval(say, EVERY_MS);
  document.addEventListener("visibilitychange", say);
}
