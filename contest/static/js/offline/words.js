/* Sentences come with the page; here their holes are filled. */
export function speak(text, facts) {
  return Object.entries(facts).reduce((line, [name, value]) => line.replace(`{${name}}`, value), text ?? "");
}

export function clockOf(saved) {
  const moment = new Date(saved);
  if (Number.isNaN(moment.valueOf())) return saved;
  const format = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("vi", format).format(moment);
}

export function sizeOf(bytes) {
  const mark = document.documentElement.lang === "en" ? "." : ",";
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1).replace(".", mark)} MB`;
}
