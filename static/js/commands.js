// The palette by keys: arrows walk what can be chosen, Enter in the field takes the first that fits, one Escape closes.
// What logs a call where no record fits (data-otherwise) is not taken unseen: Enter then searches.
const palette = document.getElementById("command");
const field = palette?.querySelector("input[type=search]");
const items = () => [...palette.querySelectorAll("a, button")].filter((one) => !one.closest("[hidden]"));

function walk(step) {
  const stops = [field, ...items()];
  stops[(stops.indexOf(document.activeElement) + step + stops.length) % stops.length].focus();
}

function firstThatFits() {
  return field.value.trim() ? items().find((one) => !("otherwise" in one.dataset)) : null;
}

palette?.addEventListener("keydown", (event) => {
  const { key, target } = event;
  const first = key === "Enter" && target === field ? firstThatFits() : null;
  if (key === "ArrowDown" || key === "ArrowUp") walk(key === "ArrowDown" ? 1 : -1);
  else if (first) first.click();
  // The browser would first empty the field.
  else if (key === "Escape") palette.close();
  else return;
  event.preventDefault();
});
