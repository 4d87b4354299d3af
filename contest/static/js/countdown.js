/* What is left until a deadline, by the server's clock: the page carries the server's "now", so a wrong phone clock is no matter. */
const pad = (number) => String(number).padStart(2, "0");

export function remaining(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return {
    days: Math.floor(whole / 86400),
    clock: [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60].map(pad).join(":"),
  };
}

export function start(element) {
  const words = element.dataset;
  const deadline = Date.parse(words.deadline);
  // performance.now() goes on evenly when somebody sets the clock of the device.
  const origin = Date.parse(words.now) - performance.now();
  const line = element.querySelector("[data-countdown-left]");
  function text(seconds) {
    if (seconds <= 0) return words.textOver;
    const { days, clock } = remaining(seconds);
    const pattern = days > 1 ? words.textDays : days === 1 ? words.textDay : words.textClock;
    return pattern.replace("{days}", days).replace("{clock}", clock);
  }
  function tick() {
    const seconds = (deadline - origin - performance.now()) / 1000;
    element.classList.toggle("is-over", seconds <= 0);
    element.classList.toggle("is-near", seconds > 0 && seconds < 86400);
    line.textContent = text(seconds);
    if (seconds > 0) window.setTimeout(tick, 1000 - ((performance.now() + 5) % 1000));
  }
  tick();
}
