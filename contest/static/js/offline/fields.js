/* The fields of a score sheet as one plain object: what a judge typed, by name. */
const TEXTS = ["feedback", "private_note", "rubric_version"];

export function fieldsOf(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name?.startsWith("mark-") && !TEXTS.includes(field.name)) continue;
    if (field.type !== "radio") found[field.name] = field.value;
    else if (field.checked) found[field.name] = field.value;
    else found[field.name] ??= "";
  }
  return found;
}

/* Marks travel with a point; a page in Vietnamese shows a comma. */
const local = (text) => (document.documentElement.lang === "en" ? text : text.replace(".", ","));

export function fillFields(form, fields) {
  for (const field of form.elements) {
    if (!(field.name in fields) || field.name === "rubric_version") continue;
    const text = fields[field.name] ?? "";
    if (field.type === "radio") field.checked = field.value === text.replace(",", ".");
    else if (field.value !== text) field.value = field.name.startsWith("mark-") ? local(text) : text;
  }
}

export function marksMissing(form) {
  const fields = fieldsOf(form);
  return Object.entries(fields).some(([name, text]) => name.startsWith("mark-") && !text.trim());
}

export function showErrors(form, errors) {
  for (const place of form.querySelectorAll("[data-error-for]")) {
    const text = errors[place.dataset.errorFor] ?? "";
    if (place.hidden === !text && place.textContent === text) continue;
    place.hidden = !text;
    place.textContent = text;
    const input = form.elements.namedItem(place.dataset.errorFor);
    if (!(input instanceof HTMLElement)) continue;
    input.classList.toggle("is-invalid", Boolean(text));
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}
