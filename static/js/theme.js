// Sets the theme before the first paint: the choice made here, else the system's. A plain script in the head, so that
// nothing flashes.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.bsTheme = localStorage.getItem("theme") ?? (system.matches ? "dark" : "light");
  };
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    localStorage.setItem("theme", root.dataset.bsTheme === "dark" ? "light" : "dark");
    apply();
  });
})();
