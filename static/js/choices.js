// One of several by its digit: where the focus is on a button of a group, 1 to 9 choose the button of that place, and
// the focus goes on to the next question that is still open. Enter in the filter of a list takes the first one left.
// Answers that are taken at once ([data-answer]) have their digits too, and 0 leads to what is written instead.
import { filter } from "./filter.js";
import { FIELD, keysAreOn } from "./keys.js";
import { shows } from "./sending.js";

const usable = (one) => one.type !== "hidden" && !one.disabled && one.tabIndex >= 0 && shows(one);
const isRadio = (one) => one.type === "radio";
const groupOf = (radio) => [...radio.form.elements].filter((one) => isRadio(one) && one.name === radio.name);
const isText = (one) => one.matches("textarea, select, input:not([type=checkbox], [type=search], [type=file])");

function isOpen(one) {
  if (isRadio(one)) return !groupOf(one).some((each) => each.checked);
  return isText(one) && !one.value;
}

// The first control that may be worked on, and of a group the button that is chosen.
export function firstField(root) {
  const found = [...root.querySelectorAll("input, select, textarea")].find(usable);
  return found && isRadio(found) ? (groupOf(found).find((one) => one.checked && shows(one)) ?? found) : found;
}

function goOn(control) {
  const all = [...control.form.elements].filter(usable);
  const rest = all.slice(all.indexOf(control) + 1);
  const next = rest.find((one) => one.name !== control.name && isOpen(one));
  (next ?? rest.find((one) => one.matches("button.btn-primary")))?.focus();
}

function choose(radio) {
  radio.focus();
  radio.click();
  goOn(radio);
}

function byDigit(event) {
  const choice = keysAreOn() && groupOf(event.target).filter(usable)[Number(event.key) - 1];
  if (choice) choose(choice);
  return Boolean(choice);
}

// From the heading of a step that was opened, too.
const formOf = (target) => target.form ?? document.querySelector("#step form[data-main]");

function byAnswer({ key, target }) {
  if (!keysAreOn() || target.matches(FIELD)) return false;
  const form = formOf(target);
  const wanted = key === "0" ? "[data-instead] textarea" : "[data-answer]";
  const answer = [...(form?.querySelectorAll(wanted) ?? [])][Math.max(Number(key) - 1, 0)];
  if (key === "0") answer?.focus();
  else answer?.click();
  return Boolean(answer);
}

function byFilter({ target }) {
  // Whoever types fast presses Enter before the list has followed.
  filter(target);
  const left = [...target.closest("fieldset").querySelectorAll("[type=radio]")].find(usable);
  if (left) choose(left);
  return true;
}

function isHandled(event) {
  if (/^[1-9]$/.test(event.key) && isRadio(event.target)) return byDigit(event);
  if (/^[0-9]$/.test(event.key)) return byAnswer(event);
  return event.key === "Enter" && event.target.matches(".leaves-filter") && byFilter(event);
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!event.target.form && !event.target.matches("#step h2")) return;
    if (!isHandled(event)) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
