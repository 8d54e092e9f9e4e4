// How forms are sent: in the background, once, and by the way that was chosen. Keys choose among several ways
// (data-way), Ctrl Enter sends what is chosen; where there is one button, or one that shows the key, that one.
import { announce } from "./announce.js";
import { keyOf, nameOf, openedForms } from "./opened.js";

const chosen = new Map();
const sent = new WeakSet();
const { chooseFirst } = document.body.dataset;
export const shows = (one) => one.checkVisibility?.() !== false;
const buttons = (form) => [...form.elements].filter((one) => one.type === "submit" && shows(one));
const ways = (form) => buttons(form).filter((one) => "way" in one.dataset);

function press(way) {
  for (const one of ways(way.form)) {
    one.setAttribute("aria-pressed", String(one === way));
    one.classList.toggle("btn-primary", one === way);
  }
}

// Marks the way, and asks for what it needs.
export function choose(button) {
  const { form } = button;
  chosen.set(nameOf(form), button.value);
  press(button);
  const asked = [...form.elements].find((one) => one.required && !one.value);
  (asked ?? button).focus();
}

function wayOf(form, { target, shiftKey }) {
  const all = buttons(form);
  if (shiftKey) return all.find((one) => one.dataset.key === "ctrl+shift+enter");
  if (all.includes(target)) return target;
  if (ways(form).length) return ways(form).find((one) => one.getAttribute("aria-pressed") === "true");
  return all.length === 1 ? all[0] : all.find((one) => one.dataset.key === "ctrl+enter");
}

function byKey(form, event) {
  const button = wayOf(form, event);
  // A real click, so that whoever sends the form knows by which button.
  if (button) button.click();
  else announce(chooseFirst);
}

// Enter in a line goes on to the next field.
function walk(form, line) {
  const field = (one) => one.matches("input:not([type=hidden]), textarea, select") && one.tabIndex >= 0;
  const all = [...form.elements].filter((one) => field(one) && shows(one));
  all[all.indexOf(line) + 1]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const { target } = event;
  const own = target.form ?? target.closest?.("form");
  const line = own?.method === "post" && target.matches("input") && !event.defaultPrevented;
  if (event.ctrlKey || event.metaKey) {
    const form = own ?? document.querySelector("form[data-main]");
    if (form?.method !== "post") return;
    event.preventDefault();
    byKey(form, event);
  } else if (line && (buttons(own).length > 1 || "walks" in own.dataset)) {
    // By itself the browser would press the first button, whichever it is.
    event.preventDefault();
    if (target.type === "search") target.parentElement.querySelector("button")?.click();
    else walk(own, target);
  }
});
document.addEventListener("click", (event) => {
  const way = event.target.closest("[data-way]");
  if (way && way.getAttribute("aria-disabled") !== "true") choose(way);
});

function release(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    const label = button.querySelector("[data-label]");
    if (label) {
      label.textContent = label.dataset.label;
      delete label.dataset.label;
    }
  }
}

function run(button) {
  button.setAttribute("aria-busy", "true");
  const label = button.querySelector("span");
  if (!label || !button.dataset.running) return;
  label.dataset.label = label.textContent;
  label.textContent = button.dataset.running;
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sent.add(form);
    if (event.submitter) run(event.submitter);
  },
  true,
);
// On the way to another page the form stays sent.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt.matches("form") && !detail.xhr?.getResponseHeader("HX-Redirect")) release(detail.elt);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));

// A form that exchanges no part of its own exchanges the page's content.
function prepare(form) {
  form.querySelectorAll("[data-required]").forEach((one) => {
    one.required = true;
  });
  const way = ways(form).find((one) => one.value === chosen.get(nameOf(form)));
  if (way) press(way);
  if (form.hasAttribute("hx-post") || !keyOf(form)) return;
  const given = {
    "hx-post": form.getAttribute("action") ?? location.pathname + location.search,
    "hx-target": "#content",
    "hx-select": "#content",
    "hx-swap": "outerHTML show:none",
    "hx-disinherit": "hx-target hx-select hx-swap hx-encoding",
  };
  if (form.enctype === "multipart/form-data") given["hx-encoding"] = form.enctype;
  Object.entries(given).forEach(([name, value]) => form.setAttribute(name, value));
  window.htmx.process(form);
}

const near = (part) => openedForms(part.parentElement ?? document);
openedForms().forEach(prepare);
document.addEventListener("htmx:load", (event) => near(event.target).forEach(prepare));
