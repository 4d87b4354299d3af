/* Runs before the first paint: the chosen colours, or those of the device. */
(function () {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    const found = document.cookie.match(/(?:^|; )theme=(light|dark)/);
    root.dataset.bsTheme = found ? found[1] : device.matches ? "dark" : "light";
  }
  apply();
  device.addEventListener("change", apply);
  document.addEventListener("bv:theme", apply);
})();
