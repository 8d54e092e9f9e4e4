// The steps of a record: where there is room, the form of one opens within the page of the record, under an address of
// its own; on a small page it is a page. The focus goes to the first field, after a refusal to the first mistake;
// Escape and the way back put the form away, and what was typed stays on this machine (draft.js).
import { firstField } from "./choices.js";
import { begin, saveAll } from "./draft.js";
import { adopt, openedForms } from "./opened.js";
import { shows } from "./sending.js";

const panel = document.getElementById("step-panel");
const beside = document.getElementById("step-aside");
const { record } = panel.dataset;
const apart = "apart" in panel.dataset;
const roomy = matchMedia("(min-width: 1200px)");
const typed = matchMedia("(pointer: fine)");
const isStep = ({ origin, pathname }) => origin === location.origin && pathname.startsWith(`${record}do/`);
let shown = location.pathname;

// The first control that is wrong, as one reads; a choice is told to be wrong beside its buttons.
function mistake(step) {
  const marked = [...step.querySelectorAll("[aria-invalid=true], .is-invalid")];
  const told = [...step.querySelectorAll(".field-error:not([hidden])")];
  const places = told.map((one) => one.closest(".field, fieldset, .step-block")).filter(Boolean);
  const controls = places.flatMap((one) => [...one.querySelectorAll("input, select, textarea")]);
  const isBefore = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  return [...marked, ...controls].filter(shows).sort((one, other) => (isBefore(one, other) ? -1 : 1))[0];
}

function place() {
  const step = document.getElementById("step");
  if (!step) return;
  const heading = step.querySelector("h2, h3");
  // What was found is adopted by a digit, never by an Enter that was meant for the step before.
  const answers = () => (step.querySelector("[data-answer]") ? heading : step.querySelector("[data-instead] textarea"));
  const begins = () => typed.matches && (answers() ?? firstField(step) ?? step.querySelector(".btn-primary"));
  const target = (mistake(step) ?? step.querySelector("[data-focus]") ?? begins()) || heading;
  if (target === heading) heading.tabIndex = -1;
  target?.focus({ preventScroll: true });
  target?.scrollIntoView({ block: "nearest" });
}

function mark(path) {
  for (const link of document.querySelectorAll(".action-bar a")) {
    if (path && link.pathname === path) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
}

function keepAddress(url) {
  if (url.pathname === location.pathname) return;
  history.pushState({ forms: history.state?.forms }, "", url.pathname + url.search);
}

// `source` is what was pressed, for whoever has to try again.
function open(url, source) {
  if (url.pathname === shown && !url.search && document.getElementById("step")) {
    place();
    return;
  }
  saveAll();
  window.htmx.ajax("GET", url.pathname + url.search, { source, target: panel, swap: "innerHTML show:none" });
}

function opened(url) {
  keepAddress(url);
  shown = url.pathname;
  openedForms(panel).forEach((form) => {
    adopt(form);
    begin(form);
  });
  mark(shown);
  panel.scrollIntoView({ block: "start" });
  place();
}

function clear() {
  saveAll();
  panel.replaceChildren();
  beside.replaceChildren();
  shown = record;
  mark("");
  document.querySelector(".action-bar .btn")?.focus();
}

function putAway() {
  if (apart) {
    location.assign(record);
    return;
  }
  clear();
  keepAddress(new URL(record, location.href));
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const changed = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || link.target || changed || event.button || event.defaultPrevented) return;
  const back = link.closest("#step") && link.pathname === record && !link.hash;
  if (back && !apart) putAway();
  else if (roomy.matches && isStep(link)) open(new URL(link.href), link);
  else return;
  event.preventDefault();
  link.closest("dialog")?.close();
  link.closest("details.menu")?.removeAttribute("open");
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
  const searching = event.target.matches("[type=search]") && event.target.value;
  const busy = document.querySelector("dialog[open], details.menu[open]") || searching;
  if (busy || !document.getElementById("step")) return;
  event.preventDefault();
  putAway();
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target === panel) opened(new URL(detail.pathInfo.finalRequestPath, location.href));
  else if (detail.requestConfig?.verb === "post" && detail.elt.closest?.("#step-panel")) place();
});
window.addEventListener("popstate", () => {
  if (location.pathname === shown) return;
  if (location.pathname === record) clear();
  else if (isStep(location)) open(new URL(location.href));
});
if (location.pathname === shown && document.getElementById("step")) {
  mark(shown);
  place();
}
