/* Adds the reader's own time where it differs from the time zone of the contest, e.g. for a judge abroad. */
export function start(element) {
  const moment = new Date(element.dateTime);
  const zone = element.dataset.local;
  const shape = { dateStyle: "short", timeStyle: "short" };
  const language = document.documentElement.lang;
  const here = new Intl.DateTimeFormat(language, shape).format(moment);
  const there = new Intl.DateTimeFormat(language, { ...shape, timeZone: zone || undefined }).format(moment);
  if (here !== there) element.title = (element.dataset.textHere ?? "{time}").replace("{time}", here);
}
