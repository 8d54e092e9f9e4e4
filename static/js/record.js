// On the record page: keys 1–9 open a section, [ and ] walk the list one came from, the number is copied, and on a
// phone the parts of the page become tabs.
import { keysAreOn, FIELD } from "./keys.js";
import { announce } from "./announce.js";

const sections = [...document.querySelectorAll(".sections > .section")];

function open(number) {
  const section = sections[number - 1];
  if (!section) return false;
  if (section.tagName === "DETAILS") section.open = true;
  section.scrollIntoView({ block: "start" });
  (section.querySelector("summary") ?? section).focus();
  return true;
}

function neighbour(step) {
  const listed = JSON.parse(sessionStorage.getItem("records") ?? "[]");
  const at = listed.indexOf(location.pathname);
  const next = at < 0 ? undefined : listed[at + step];
  if (next) location.assign(next);
  return Boolean(next);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !keysAreOn()) return;
  if (event.target.matches(FIELD) || document.querySelector("dialog[open]")) return;
  const done = /^[1-9]$/.test(event.key)
    ? open(Number(event.key))
    : event.key === "["
      ? neighbour(-1)
      : event.key === "]"
        ? neighbour(1)
        : false;
  if (done) event.preventDefault();
});

for (const link of document.querySelectorAll(".stepper a")) {
  link.addEventListener("click", (event) => {
    if (open(Number(link.hash.slice(9)))) event.preventDefault();
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copies);
  announce(button.dataset.copies);
});

const tabs = [...document.querySelectorAll("[data-tab-of]")];

function show(name) {
  document.body.dataset.tab = name;
  for (const tab of tabs) {
    if (tab.dataset.tabOf === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

for (const tab of tabs) {
  tab.addEventListener("click", (event) => {
    if (!matchMedia("(max-width: 767.98px)").matches) return;
    event.preventDefault();
    show(tab.dataset.tabOf);
  });
}
if (tabs.length) show(new URLSearchParams(location.search).has("line") ? "timeline" : "handling");
