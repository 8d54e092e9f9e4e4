// Keeps what was typed and chosen in an opened form on this machine until it has been saved, and puts it back into the
// same form: after a reload, after signing in again. What another form of the page left behind is offered, not put in.
// Passwords and files are never kept; each person has drafts of their own, and signing out forgets them.
import { keyOf, nameOf, openedForms, rekey } from "./opened.js";

const SKIP = new Set(["password", "file", "submit", "button"]);
const MOST_DAYS = 7;
const { user, zone, draftWords } = document.body.dataset;
const [savedAt, restored, discard, left, takeUp] = (draftWords ?? "||||").split("|");
const OWN = `draft:${user}:`;
const GONE = `gone:${user}`;
const timers = new Map();
const changed = new Set();
const done = new Set();
let forgotten = false;
let filling = false;

// In the zone of the page, as 2026-11-26 18:30:00.
const local = (at) => new Date(at).toLocaleString("sv-SE", { timeZone: zone });
const chosen = (one) => one.matches("[data-choice], [data-lookup-value]");
const kept = (one) => one.name && !SKIP.has(one.type) && (one.type !== "hidden" || chosen(one));
const fields = (form) => [...form.elements].filter(kept);
const ticks = (one) => one.type === "checkbox" || one.type === "radio";
const read = (key) => JSON.parse(localStorage.getItem(OWN + key) ?? "null");
const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
const several = (one) => one.type === "select-multiple";
const valuesOf = (one) => (several(one) ? [...one.selectedOptions].map((each) => each.value) : [one.value]);
const put = (form) =>
  fields(form)
    .filter((one) => !ticks(one) || one.checked)
    .flatMap((one) => valuesOf(one).map((value) => [one.name, value]));

// The time of day, with the day if it is not today's.
function clock(at) {
  const [day, time] = local(at).split(" ");
  const minute = time.slice(0, 5);
  return local(Date.now()).startsWith(day) ? minute : `${day.slice(5)} ${minute}`;
}

export function write(key, name, path, values) {
  localStorage.setItem(OWN + key, JSON.stringify({ at: Date.now(), name, path, values }));
}

function save(form) {
  const key = keyOf(form);
  clearTimeout(timers.get(key));
  if (forgotten || !changed.has(key) || done.has(key)) return;
  write(key, nameOf(form), location.pathname, put(form));
  say(form, `${savedAt} ${clock(Date.now())}`);
}

export const saveAll = () => openedForms().forEach(save);

function say(form, words, ...actions) {
  let place = form.querySelector("[data-draft-state]");
  if (!place) {
    place = Object.assign(document.createElement("span"), { className: "saved" });
    place.dataset.draftState = "";
    (form.querySelector(".form-end") ?? form).append(place);
  }
  place.textContent = words;
  for (const [label, act] of actions) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "link", textContent: label });
    button.addEventListener("click", act);
    place.append(" ", button);
  }
}

function drop(form, key) {
  localStorage.removeItem(OWN + key);
  changed.delete(keyOf(form));
  form.reset();
  say(form, "");
}

const takes = (one, value) => one.tagName !== "SELECT" || [...one.options].some((each) => each.value === value);

// Puts back what fits; what the page has no field or choice for yet waits until that has been loaded.
const waiting = new Map();

// Takes its own values out of the list; whether anything is chosen now that was not.
function chooseSeveral(one, list) {
  const before = valuesOf(one).join();
  for (const each of one.options) {
    const at = list.indexOf(each.value);
    each.selected = at >= 0;
    if (at >= 0) list.splice(at, 1);
  }
  return before !== valuesOf(one).join();
}

function fill(form, values) {
  // What is put back is no change of its own: the way to discard it stays in sight.
  filling = true;
  const rest = new Map();
  for (const [name, value] of values) rest.set(name, [...(rest.get(name) ?? []), value]);
  for (const one of fields(form)) {
    const list = rest.get(one.name);
    if (ticks(one)) {
      const on = list?.includes(one.value) ?? false;
      if (on) list.splice(list.indexOf(one.value), 1);
      if (on === one.checked) continue;
      one.checked = on;
    } else if (several(one)) {
      if (!chooseSeveral(one, list ?? [])) continue;
    } else {
      const value = list?.[0];
      if (value === undefined || !takes(one, value)) continue;
      list.shift();
      if (one.value === value) continue;
      one.value = value;
    }
    one.closest("details")?.setAttribute("open", "");
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
  filling = false;
  const unmet = [...rest].flatMap(([name, list]) => list.filter(Boolean).map((value) => [name, value]));
  waiting.set(keyOf(form), unmet);
  if (unmet.length) form.dispatchEvent(new CustomEvent("unmet", { bubbles: true, detail: new Map(unmet) }));
}

function restore(form, key) {
  const draft = read(key);
  if (!draft) return false;
  rekey(form, key);
  changed.add(key);
  fill(form, draft.values);
  say(form, restored.replace("{time}", clock(draft.at)), [discard, () => drop(form, key)]);
  return true;
}

// Drafts of this form that no open page holds.
async function offer(form) {
  const held = new Set(((await navigator.locks?.query())?.held ?? []).map((one) => one.name));
  const free = drafts()
    .filter((key) => key.startsWith(OWN) && !held.has(key))
    .map((key) => key.slice(OWN.length));
  const belongs = (draft) => draft.path === location.pathname && draft.name === nameOf(form);
  const fits = free.filter((key) => key !== keyOf(form) && belongs(read(key)));
  const [last] = fits.sort((one, other) => read(other).at - read(one).at);
  if (!last || changed.has(keyOf(form))) return;
  const refuse = () => {
    localStorage.removeItem(OWN + last);
    say(form, "");
    offer(form);
  };
  say(form, left.replace("{time}", clock(read(last).at)), [takeUp, () => restore(form, last)], [discard, refuse]);
}

function hold(form) {
  navigator.locks?.request(OWN + keyOf(form), { mode: "shared" }, () => new Promise(() => {}));
}

// The server names what has been saved in a cookie.
function forgetSaved() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("saved_forms="));
  const named = cookie?.slice(12).replace(/"/g, "");
  for (const key of named?.split(".") ?? []) {
    done.add(key);
    localStorage.removeItem(OWN + key);
  }
  if (named) document.cookie = "saved_forms=; path=/; max-age=0; SameSite=Lax";
}

function forgetOthers() {
  const oldest = Date.now() - MOST_DAYS * 86_400_000;
  const old = (key) => JSON.parse(localStorage.getItem(key)).at < oldest;
  drafts()
    .filter((key) => !key.startsWith(OWN) || old(key))
    .forEach((key) => localStorage.removeItem(key));
}

export function begin(form) {
  const key = keyOf(form);
  // Whoever had to sign in again goes on with the form that he was taken from, and whoever comes back to a step of a
  // record in this window with what he typed there; `back` says which.
  const back = JSON.parse(sessionStorage.getItem("back") ?? "{}")[location.pathname]?.[nameOf(form)];
  const resumes = sessionStorage.getItem("resumes") || form.closest("#step") ? back : undefined;
  const restores = restore(form, key) || (resumes && restore(form, resumes));
  if (!restores && !form.querySelector("[aria-invalid=true]")) offer(form);
  hold(form);
}

document.addEventListener("input", (event) => note(event.target));
document.addEventListener("change", (event) => note(event.target));
document.addEventListener("chosen", (event) => note(event.target.querySelector("[role=combobox]")));
function note(field) {
  const { form } = field ?? {};
  if (filling || !form || !keyOf(form) || !kept(field)) return;
  changed.add(keyOf(form));
  clearTimeout(timers.get(keyOf(form)));
  timers.set(
    keyOf(form),
    setTimeout(() => save(form), 300),
  );
}

document.addEventListener(
  "submit",
  (event) => {
    if (event.target.matches("form[data-forgets]")) {
      forgotten = true;
      drafts().forEach((key) => localStorage.removeItem(key));
      localStorage.setItem(GONE, String(Date.now()));
    } else saveAll();
  },
  true,
);
window.addEventListener("storage", (event) => {
  if (event.key === GONE) forgotten = true;
});
window.addEventListener("pagehide", () => {
  saveAll();
  const open = openedForms().filter((form) => changed.has(keyOf(form)) && !done.has(keyOf(form)));
  const back = JSON.parse(sessionStorage.getItem("back") ?? "{}");
  back[location.pathname] = Object.fromEntries(open.map((form) => [nameOf(form), keyOf(form)]));
  sessionStorage.setItem("back", JSON.stringify(back));
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) saveAll();
});
document.addEventListener("htmx:beforeRequest", saveAll);
document.addEventListener("htmx:afterRequest", forgetSaved);
document.addEventListener("htmx:load", (event) => {
  for (const form of openedForms()) {
    const rest = waiting.get(keyOf(form));
    const near = form.contains(event.target) || event.target.contains(form);
    if (rest?.length && near) refill(form, rest);
  }
});
function refill(form, rest) {
  const names = new Set(rest.map(([name]) => name));
  fill(form, [...put(form).filter(([name]) => !names.has(name)), ...rest]);
}
// Text that goes along with a link to the form of another page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-takes]");
  const form = link && document.querySelector(link.dataset.from);
  if (!form) return;
  const { pathname } = new URL(link.href);
  const name = link.dataset.form;
  const key = `${name}-${Date.now()}`;
  const texts = link.dataset.takes.split(" ").map((each) => form.elements[each]?.value.trim());
  const text = texts.filter(Boolean).join("\n");
  if (!text) return;
  write(key, name, pathname, [[link.dataset.into, text]]);
  done.add(keyOf(form));
  localStorage.removeItem(OWN + keyOf(form));
  sessionStorage.setItem("back", JSON.stringify({ [pathname]: { [name]: key } }));
  sessionStorage.setItem("resumes", "1");
});
document.addEventListener("click", (event) => {
  const leaving = event.target.closest("[data-discards]");
  const form = leaving && document.querySelector(leaving.dataset.discards);
  if (!form) return;
  done.add(keyOf(form));
  localStorage.removeItem(OWN + keyOf(form));
});

const promise = document.querySelector("[data-drafts-kept]");
if (promise) {
  promise.hidden = !drafts().length;
  sessionStorage.setItem("resumes", "1");
}
forgetSaved();
if (user) forgetOthers();
// Once the page's own scripts run too, which load what belongs to a choice that is put back.
document.addEventListener("DOMContentLoaded", () => {
  openedForms().forEach(begin);
  if (!promise) sessionStorage.removeItem("resumes");
});
