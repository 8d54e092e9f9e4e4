// One of several by its digit: where the focus is on a button of a group, 1 to 9 choose the button of that place, and
// the focus goes on to the next question that is still open. Enter in the filter of a list takes the first one left.
import { keysAreOn } from "./keys.js";
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

function byFilter({ target }) {
  const left = [...target.closest("fieldset").querySelectorAll("[type=radio]")].find(usable);
  if (left) choose(left);
  return true;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !event.target.form) return;
    const done =
      /^[1-9]$/.test(event.key) && isRadio(event.target)
        ? byDigit(event)
        : event.key === "Enter" && event.target.matches(".leaves-filter") && byFilter(event);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
