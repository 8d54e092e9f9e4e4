// The keyboard of a combobox: arrows walk the list, Enter takes the marked option, Escape closes.
// Taking one sets the hidden value and sends `chosen` from the wrapper, with the option's data, for panels to load by.
const parts = (wrapper) => ({
  input: wrapper.querySelector("[role=combobox]"),
  list: wrapper.querySelector("[role=listbox]"),
  value: wrapper.querySelector("[data-lookup-value]"),
});
const options = (list) => [...list.querySelectorAll("[role=option]")];

export function show(wrapper, visible) {
  const { input, list } = parts(wrapper);
  list.hidden = !visible;
  input.setAttribute("aria-expanded", String(visible));
  if (!visible) input.removeAttribute("aria-activedescendant");
}

function marked(list) {
  return list.querySelector("[aria-selected=true]");
}

export function markOption(wrapper, option) {
  const { input, list } = parts(wrapper);
  marked(list)?.setAttribute("aria-selected", "false");
  if (!option) return;
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
  wrapper.dispatchEvent(
    new CustomEvent("highlighted", {
      bubbles: true,
      detail: { ...option.dataset },
    }),
  );
}

function take(wrapper, option) {
  const { input, value } = parts(wrapper);
  if (option.dataset.label) input.value = option.dataset.label;
  value.value = option.dataset.value ?? "";
  show(wrapper, false);
  input.focus();
  wrapper.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: { ...option.dataset } }));
}

document.addEventListener("input", (event) => {
  const wrapper = event.target.matches("[role=combobox]") && event.target.closest("[data-lookup]");
  if (wrapper) parts(wrapper).value.value = "";
});
document.addEventListener("htmx:afterSwap", (event) => {
  const list = event.target;
  const wrapper = list.matches?.("[role=listbox]") && list.closest("[data-lookup]");
  if (!wrapper) return;
  const found = options(list);
  show(wrapper, found.length > 0 && parts(wrapper).input === document.activeElement);
  markOption(wrapper, found[0]);
});
document.addEventListener("keydown", (event) => {
  const wrapper = event.target.matches("[role=combobox]") && event.target.closest("[data-lookup]");
  if (!wrapper || event.ctrlKey || event.metaKey) return;
  const { list } = parts(wrapper);
  const found = options(list);
  if (!found.length) return;
  const at = found.indexOf(marked(list));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    show(wrapper, true);
    const step = event.key === "ArrowDown" ? 1 : -1;
    markOption(wrapper, found[(at + step + found.length) % found.length]);
  } else if (event.key === "Enter" && !list.hidden && at >= 0) take(wrapper, found[at]);
  else if (event.key === "Escape" && !list.hidden) show(wrapper, false);
  else return;
  event.preventDefault();
});
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("[data-lookup] [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option.closest("[data-lookup]"), option);
});
document.addEventListener("focusout", (event) => {
  const wrapper = event.target.matches("[role=combobox]") && event.target.closest("[data-lookup]");
  if (wrapper) show(wrapper, false);
});
