// Keeps what is typed into a form with data-draft="key" on this machine until the form has been sent, and puts it back.
// The place marked data-draft-state inside the form says when it was saved. Passwords and files are never kept, each person
// has drafts of their own, and signing out forgets them.
const SKIP = new Set(["password", "file", "hidden", "submit", "button"]);
const [saved, restored, discard] = (document.body.dataset.draftWords ?? "||").split("|");
const timers = new WeakMap();

const keyOf = (name) => `draft:${document.body.dataset.user}:${name}`;
const storageKey = (form) => keyOf(form.dataset.draft);
const fields = (form) => [...form.elements].filter((one) => one.name && !SKIP.has(one.type));
const clockTime = (date) => date.toLocaleTimeString("en-GB");

function save(form) {
  const values = fields(form).filter((one) => !["checkbox", "radio"].includes(one.type) || one.checked).map((one) => [one.name, one.value]);
  const at = Date.now();
  localStorage.setItem(storageKey(form), JSON.stringify({ at, values }));
  say(form, `${saved} ${clockTime(new Date(at))}`);
}

function say(form, words, withDiscard = false) {
  const place = form.querySelector("[data-draft-state]");
  if (!place) return;
  place.textContent = words;
  if (!withDiscard) return;
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: discard });
  button.addEventListener("click", () => { localStorage.removeItem(storageKey(form)); form.reset(); place.textContent = ""; });
  place.append(" ", button);
}

function restore(form) {
  const kept = JSON.parse(localStorage.getItem(storageKey(form)) ?? "null");
  if (!kept || form.querySelector("[aria-invalid=true]")) return;
  const values = new Map();
  for (const [name, value] of kept.values) values.set(name, [...(values.get(name) ?? []), value]);
  let changed = false;
  for (const one of fields(form)) {
    const list = values.get(one.name) ?? [];
    if (["checkbox", "radio"].includes(one.type)) {
      const checked = list.includes(one.value);
      changed ||= checked !== one.checked;
      one.checked = checked;
    } else if (list.length && !one.value) {
      one.value = list.shift();
      changed ||= one.value !== "";
    }
  }
  if (changed) say(form, restored.replace("{time}", clockTime(new Date(kept.at))), true);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), 500));
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-draft]")) clearTimeout(timers.get(event.target));
  if (event.target.matches("form[data-forgets]")) Object.keys(localStorage).filter((key) => key.startsWith(keyOf(""))).forEach((key) => localStorage.removeItem(key));
});
// The page that follows a sent form names the draft it has made needless.
for (const done of document.querySelectorAll("[data-draft-done]")) localStorage.removeItem(keyOf(done.dataset.draftDone));
document.querySelectorAll("form[data-draft]").forEach(restore);
window.addEventListener("offline", () => document.querySelectorAll("form[data-draft]").forEach((form) => say(form, document.body.dataset.offline)));
