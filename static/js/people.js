// Makes a list of colleagues searchable: by name, first letters, department or number. The list stays the field: what
// is chosen here is chosen there. Arrows, Enter and Escape are lookup.js's; Backspace takes the last of several away.
import { markOption, show } from "./lookup.js";

const MOST = 60;
const enhanced = new WeakSet();
const selectOf = (box) => box.querySelector("select");
const inputOf = (box) => box.querySelector("[role=combobox]");
const listOf = (box) => box.querySelector("[role=listbox]");
const people = (select) => [...select.options].filter((one) => one.value);
const chosen = (select) => people(select).filter((one) => one.selected);
const nameOf = (option) => option.dataset.name ?? option.label;
const groupOf = (option) => option.closest("optgroup")?.label ?? "";

function element(tag, className, text = "") {
  return Object.assign(document.createElement(tag), {
    className,
    textContent: text,
  });
}

// Every word must be found; letters at the beginning of a reading, all else anywhere.
function fits(option, words) {
  const letters = ` ${option.dataset.letters ?? ""}`;
  const text = `${option.label} ${option.dataset.about ?? ""} ${groupOf(option)}`.toLowerCase();
  return words.every((word) => letters.includes(` ${word}`) || text.includes(word));
}

function lineOf(option, id) {
  const line = element("div", "option");
  Object.assign(line, { role: "option", id });
  line.setAttribute("aria-selected", "false");
  Object.assign(line.dataset, { value: option.value, label: nameOf(option) });
  const words = element("span", "option-words");
  const about = element("span", "hint", option.dataset.about ?? "");
  words.append(element("strong", "", nameOf(option)), about);
  if (option.dataset.away) words.append(element("span", "hint option-away", option.dataset.away));
  line.append(words, element("kbd", "", "↵"));
  return line;
}

function fill(box) {
  const [select, input, list] = [selectOf(box), inputOf(box), listOf(box)];
  const words = input.dataset.shown === input.value ? [] : input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = people(select).filter((one) => !(select.multiple && one.selected) && fits(one, words));
  list.replaceChildren();
  let group;
  found.slice(0, MOST).forEach((option, index) => {
    if (groupOf(option) !== group) {
      group = groupOf(option);
      list.append(
        Object.assign(element("div", "people-group", group), {
          role: "presentation",
        }),
      );
    }
    list.append(lineOf(option, `${list.id}-${index}`));
  });
  if (found.length > MOST) list.append(element("div", "people-group", box.dataset.more));
  if (!found.length) list.append(element("div", "people-group", box.dataset.none));
  return words.length > 0;
}

function open(box) {
  const searched = fill(box);
  show(box, true);
  const lines = [...listOf(box).querySelectorAll("[role=option]")];
  const current = chosen(selectOf(box))[0]?.value;
  markOption(box, (!searched && lines.find((one) => one.dataset.value === current)) || lines[0]);
}

function chip(box, option) {
  const line = element("li", "chip chip-set", nameOf(option));
  const button = Object.assign(element("button", "", "×"), { type: "button" });
  button.setAttribute("aria-label", box.dataset.away.replace("{name}", nameOf(option)));
  button.addEventListener("click", () => {
    change(box, option, false);
    inputOf(box).focus();
  });
  line.append(button);
  return line;
}

// What the list says, in the search: a name, or a chip for each of several.
function tell(box) {
  const [select, input] = [selectOf(box), inputOf(box)];
  const now = chosen(select);
  const chips = box.querySelector("[data-chips]");
  chips.hidden = !select.multiple || !now.length;
  if (select.multiple) chips.replaceChildren(...now.map((one) => chip(box, one)));
  input.value = select.multiple || !now.length ? "" : nameOf(now[0]);
  input.dataset.shown = input.value;
}

function change(box, option, on) {
  option.selected = on;
  selectOf(box).dispatchEvent(new Event("change", { bubbles: true }));
}

function enhance(box) {
  if (enhanced.has(box)) return;
  enhanced.add(box);
  const select = selectOf(box);
  box.insertBefore(box.querySelector("template").content.cloneNode(true), select);
  const input = inputOf(box);
  for (const label of document.querySelectorAll(`label[for="${select.id}"]`)) label.htmlFor = input.id;
  if (select.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  input.classList.toggle("is-invalid", select.classList.contains("is-invalid"));
  select.classList.add("visually-hidden");
  select.setAttribute("aria-hidden", "true");
  select.tabIndex = -1;
  select.addEventListener("change", () => tell(box));
  select.addEventListener("focus", () => input.focus());
  select.form?.addEventListener("reset", () => setTimeout(() => tell(box)));
  tell(box);
}

const boxOf = (target) => target.matches?.("[role=combobox]") && target.closest("[data-people]");
const enhanceAll = (root) => root.querySelectorAll("[data-people]").forEach(enhance);

document.addEventListener("input", (event) => {
  const box = boxOf(event.target);
  if (box) open(box);
});
document.addEventListener("click", (event) => {
  const box = boxOf(event.target);
  if (!box) return;
  event.target.select();
  open(box);
});
document.addEventListener("focusin", (event) => {
  const box = boxOf(event.target);
  if (box) fill(box);
});
document.addEventListener("focusout", (event) => {
  const box = boxOf(event.target);
  if (!box) return;
  const [select, input] = [selectOf(box), event.target];
  const gone = !input.value && !select.multiple && chosen(select)[0];
  if (gone && select.options[0].value === "") change(box, gone, false);
  else tell(box);
});
document.addEventListener("keydown", (event) => {
  const box = boxOf(event.target);
  // What is typed and fits nobody is no reason to send the form.
  if (box && event.key === "Enter" && event.target.value !== event.target.dataset.shown) event.preventDefault();
  const last = box && selectOf(box).multiple && chosen(selectOf(box)).at(-1);
  if (last && event.key === "Backspace" && !event.target.value) change(box, last, false);
});
document.addEventListener("chosen", (event) => {
  const box = event.target.closest("[data-people]");
  const option = box && people(selectOf(box)).find((one) => one.value === event.detail.value);
  if (!option) return;
  change(box, option, true);
  fill(box);
});
document.addEventListener("htmx:load", (event) => enhanceAll(event.target));
document.addEventListener("DOMContentLoaded", () => enhanceAll(document));
