/* Menus are <details>: close them by Escape or a tap elsewhere. The colour menu changes the page without a reload. */
function closable(menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function colours(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const value = event.submitter.value;
    const secure = window.location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.submitter));
    document.dispatchEvent(new Event("bv:theme"));
    form.closest("details").open = false;
  }, { capture: true });
}

export function start(element) {
  if ("themeForm" in element.dataset) colours(element);
  else closable(element);
}
