// Sets the theme before the first paint: what the account keeps, else the choice made here, else the system's. A plain
// script in the head, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const fixed = ["light", "dark"];
  const apply = () => {
    const chosen = localStorage.getItem("theme");
    root.dataset.bsTheme = fixed.includes(chosen) ? chosen : system.matches ? "dark" : "light";
  };
  // Also for the pages of this browser on which nobody is signed in.
  if (root.dataset.theme) localStorage.setItem("theme", root.dataset.theme);
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-switch]");
    if (!button) return;
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", theme);
    apply();
    const kept = button.dataset.themeSwitch;
    if (kept) htmx.ajax("POST", kept, { values: { theme }, swap: "none" });
  });
})();
