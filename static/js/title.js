// Keeps the time in the tab's title as the clock says it that has least left (data-worst).
const words = () => document.querySelector("[data-worst] .clock-words")?.textContent.trim() ?? "";
let shown = words();

document.addEventListener("ticked", () => {
  const now = words();
  if (shown && now) document.title = document.title.replace(shown, now);
  shown = now;
});
document.addEventListener("refreshed", () => {
  shown = words();
});
