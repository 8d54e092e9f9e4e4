// Brings what is new into the page that is open. The nodes stay and only what differs changes, so that place, focus,
// ticks and folded parts stay too; a form with a hand on it stays as a whole.
const FIELD = "input:not([type=checkbox], [type=radio], [type=hidden]), textarea, select";
const OWN_TICKS = "[data-select], [data-select-all]";
const COUNTED = /^\(\d+\+?\) /;

function differs(one) {
  if (one.type === "hidden" || one.matches(OWN_TICKS)) return false;
  if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
  if (one.tagName === "SELECT") {
    const given = [...one.options].findIndex((each) => each.defaultSelected);
    return one.selectedIndex !== Math.max(given, 0);
  }
  return "defaultValue" in one && one.value !== one.defaultValue;
}

const isTyped = (form) => [...form.elements].some(differs);
const isUsed = (form) => {
  const { activeElement } = document;
  return (
    (form.contains(activeElement) && activeElement.matches(FIELD)) || Boolean(form.querySelector("[aria-busy=true]"))
  );
};

// Whether somebody fills in a form of this page.
export const isWritten = () => [...document.querySelectorAll("#content form[method=post]")].some(isTyped);

function stays(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return false;
  if (node.matches("[data-stays], dialog[open], details.menu[open]")) return true;
  // The form of a step belongs to whoever has opened it, typed in or not.
  if (node.id === "step-panel") return Boolean(node.querySelector("form"));
  return node.matches("form") && (isTyped(node) || isUsed(node));
}

// Whether a form of the content was left as it is.
export function holds() {
  const forms = [...document.querySelectorAll("#content form[method=post]")];
  return forms.some((form) => isTyped(form) || isUsed(form) || form.closest("#step-panel"));
}

function keeps(name, node, change) {
  if (name === "open") return node.matches("details");
  if (name === "checked") return node.matches(OWN_TICKS);
  if (name === "aria-current") return node.matches("[data-tab-of]");
  if (name === "tabindex") return node === document.activeElement;
  return change === "remove" && name.startsWith("hx-");
}

const callbacks = {
  beforeNodeMorphed: (node) => !stays(node),
  beforeNodeRemoved: (node) => !stays(node) && !node.querySelector?.("[data-stays]"),
  beforeAttributeUpdated: (name, node, change) => !keeps(name, node, change),
};

function swap(part, by) {
  window.Idiomorph.morph(part, by, { ignoreActiveValue: true, callbacks });
  window.htmx.process(part);
  window.htmx.trigger(part, "htmx:load", { elt: part });
}

async function load(url) {
  const answer = await fetch(url, { headers: { Live: "1" }, cache: "no-store", redirect: "error" });
  const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
  // Somebody else may have signed in meanwhile: nothing of theirs comes into this page.
  if (page.body.dataset.user !== document.body.dataset.user) throw new Error(answer.statusText);
  return page;
}

function swapAll(page, parts) {
  for (const part of document.querySelectorAll(parts)) {
    const by = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (by) swap(part, by);
  }
}

const rows = (root) => [...root.querySelectorAll("[data-row][id]")].map((row) => row.id);

// The page anew: its mark, and how many lines came in.
export async function refresh(url) {
  const page = await load(url);
  const known = new Set(rows(document));
  const fresh = rows(page).filter((id) => !known.has(id)).length;
  swapAll(page, "[data-live]");
  document.title = page.title;
  document.dispatchEvent(new CustomEvent("refreshed"));
  return { mark: page.body.dataset.live, fresh };
}

// What stands round the content: the counts of navigation, bell and title.
export async function refreshFrame() {
  const page = await load(document.body.dataset.liveFrame);
  swapAll(page, "[data-live]:not(main)");
  const [count = ""] = page.title.match(COUNTED) ?? [];
  document.title = count + document.title.replace(COUNTED, "");
}
