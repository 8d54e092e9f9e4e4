// Shortcuts. Any control with data-key="n", "g d" or "alt+1" is focused (fields) or clicked (the rest) by its key.
// A way to send a form (data-way) is chosen, not taken.
// What comes next on a record (data-next) has the full stop, and Enter where nothing else is in focus.
// Single letters rest inside fields, over an open dialog, and when switched off.
import { choose, shows } from "./sending.js";

const FIELD = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const on = () => localStorage.getItem("keys") !== "off";
let first = "";
let forget = 0;

function run(key) {
  const named = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const control = named.find((one) => one.closest("dialog") || shows(one));
  if (!control) return false;
  if (control.matches(FIELD)) {
    control.focus();
    control.select?.();
  } else if ("way" in control.dataset) choose(control);
  else control.click();
  return true;
}

function isNext({ key, target }) {
  return key === "." || (key === "Enter" && !target.closest("a, button, input, summary, [data-row], [tabindex='0']"));
}

function openCommands() {
  const palette = document.getElementById("command");
  if (palette && !palette.open) palette.showModal();
  palette?.querySelector("input")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openCommands();
    return;
  }
  if (event.altKey && !event.ctrlKey && /^Digit\d$/.test(event.code)) {
    if (run(`alt+${event.code.slice(-1)}`)) event.preventDefault();
    return;
  }
  const sheet = document.getElementById("keys");
  if (event.key === "?" && sheet?.open) {
    sheet.close();
    return;
  }
  if (control || event.altKey || !on() || event.target.matches(FIELD) || document.querySelector("dialog[open]")) return;
  if (isNext(event)) {
    const next = [...document.querySelectorAll("[data-next]")].find(shows);
    next?.click();
    if (next) event.preventDefault();
    return;
  }
  if (event.key.length !== 1) return;
  const key = event.key.toLowerCase();
  const pressed = first ? `${first} ${key}` : key;
  clearTimeout(forget);
  first = "";
  if (run(pressed)) {
    event.preventDefault();
    return;
  }
  if (key === "g") {
    first = "g";
    forget = setTimeout(() => {
      first = "";
    }, 1500);
  }
});

const choice = document.querySelector("[data-keys-switch]");
if (choice) {
  choice.checked = on();
  choice.addEventListener("change", () => localStorage.setItem("keys", choice.checked ? "on" : "off"));
}

export { on as keysAreOn, FIELD };
