/* What a person typed into a form, as plain pairs: kept for a reload, a language switch or a lost network. */
const SKIPPED = new Set(["csrf_token", "version", "next"]);

export function typed(form) {
  return [...form.elements]
    .filter((field) => field.name && !SKIPPED.has(field.name) && !["file", "password", "submit", "button"].includes(field.type))
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .flatMap((field) =>
      field.type === "select-multiple"
        ? [...field.selectedOptions].map((option) => [field.name, option.value])
        : [[field.name, field.value]],
    );
}

export function fill(form, pairs) {
  const left = new Map();
  for (const [name, value] of pairs) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || SKIPPED.has(field.name) || ["file", "password", "submit", "button"].includes(field.type)) continue;
    const values = left.get(field.name) ?? [];
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = values.includes(option.value);
    else if (values.length) field.value = values.shift();
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/* sessionStorage: gone with the tab, because tablets at a venue are borrowed. */
export const store = {
  put(key, value) {
    try {
      window.sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      /* A full or forbidden store only loses the convenience. */
    }
  },
  take(key) {
    const text = window.sessionStorage.getItem(key);
    window.sessionStorage.removeItem(key);
    return text === null ? null : JSON.parse(text);
  },
  drop(key) {
    window.sessionStorage.removeItem(key);
  },
};
