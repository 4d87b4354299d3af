/*
 * The pitch timer: the minutes of the pitch, then those of the answers. It counts by the clock and not by ticks, so that
 * a sleeping phone is right when it wakes; it is never sent anywhere.
 */
const MINUTE = 60000;

class Timer {
  constructor(place) {
    this.place = place;
    this.parts = place.dataset.timer.split(" ").map((minutes) => Number(minutes) * MINUTE);
    this.left = place.querySelector("[data-timer-left]");
    this.go = place.querySelector("[data-timer-go]");
    this.part = place.querySelector("[data-timer-part]");
    this.voice = place.querySelector("[data-timer-voice]");
    this.spent = 0;
    this.since = 0;
    this.ticking = 0;
  }

  elapsed() {
    return this.spent + (this.since ? Date.now() - this.since : 0);
  }

  toggle() {
    if (this.since) {
      this.spent = this.elapsed();
      this.since = 0;
      window.clearInterval(this.ticking);
    } else {
      this.since = Date.now();
      this.ticking = window.setInterval(() => this.show(), 250);
    }
    this.show();
  }

  again() {
    window.clearInterval(this.ticking);
    this.spent = this.since = 0;
    this.show();
  }

  show() {
    const words = this.place.dataset;
    const passed = this.elapsed();
    const answers = passed >= this.parts[0] && this.parts[1] > 0;
    const left = (answers ? this.parts[0] + this.parts[1] : this.parts[0]) - passed;
    const over = left <= 0;
    const name = answers ? words.textAnswers : words.textPitch;
    const seconds = Math.ceil(Math.abs(left) / 1000);
    this.left.textContent = `${left < 0 ? "+" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.part.textContent = over ? words.textOver : name;
    if (this.since && this.said !== this.part.textContent) this.voice.textContent = this.part.textContent;
    this.said = this.part.textContent;
    this.place.classList.toggle("is-over", over);
    this.place.classList.toggle("is-near", !over && left <= MINUTE);
    this.go.textContent = this.since ? words.textPause : words.textStart;
  }
}

export function start(place) {
  const timer = new Timer(place);
  place.hidden = false;
  timer.go.addEventListener("click", () => timer.toggle());
  place.querySelector("[data-timer-again]").addEventListener("click", () => timer.again());
  timer.show();
}
