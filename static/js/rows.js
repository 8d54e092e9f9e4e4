// Walks a list marked data-rows by J and K; Enter does the step of the row (data-step), O opens it (data-open), X
// selects it (data-select), Shift X up to it. The row under the cursor is the only one with the filled button.
import { FIELD, keysAreOn } from "./keys.js";

// A page may put the cursor on a row before anybody has moved it.
let cursor = document.querySelector("[data-rows] [data-row].cursor");
let anchor = null;
let moved = false;
// The lines as they were, for where the cursor goes when its own is gone.
let listed = rows();

function rows() {
  return [...document.querySelectorAll("[data-rows] [data-row]")];
}

function mark(row) {
  for (const one of new Set([...rows(), cursor].filter(Boolean))) {
    one.classList.toggle("cursor", one === row);
    one.querySelector("[data-step]")?.classList.toggle("btn-primary", one === row);
  }
  cursor = row;
}

function move(row) {
  moved = true;
  mark(row);
  if (!row) return;
  const step = row.querySelector("[data-step]");
  (step ?? row.querySelector("[data-open]") ?? row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function select(row, range) {
  const list = rows();
  const box = row.querySelector("[data-select]");
  if (!box) return;
  const checked = range && anchor ? anchor.querySelector("[data-select]").checked : !box.checked;
  const [from, to] = [list.indexOf(range && anchor ? anchor : row), list.indexOf(row)].sort((a, b) => a - b);
  for (const one of list.slice(from, to + 1)) {
    const each = one.querySelector("[data-select]");
    if (each) {
      each.checked = checked;
      each.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  anchor = row;
}

// After a refresh the cursor stays on its line, or goes to the one that has taken its place.
document.addEventListener("refreshed", () => {
  const list = rows();
  if (!moved) cursor = document.querySelector("[data-rows] [data-row].cursor");
  else mark(listed.slice(listed.indexOf(cursor)).find((row) => list.includes(row)) ?? list.at(-1) ?? null);
  if (!list.includes(anchor)) anchor = null;
  listed = list;
});

// Where [ and ] lead on the page of a record (record.js).
window.addEventListener("pagehide", () => {
  const paths = rows().map((row) => row.querySelector("[data-open]")?.pathname);
  if (paths.length) sessionStorage.setItem("records", JSON.stringify(paths.filter(Boolean)));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !keysAreOn()) return;
  if (event.target.matches(FIELD) || document.querySelector("dialog[open]")) return;
  const list = rows();
  if (!list.length) return;
  const at = list.indexOf(cursor);
  const key = event.key.toLowerCase();
  if (key === "j") move(list[Math.min(at + 1, list.length - 1)]);
  else if (key === "k") move(list[Math.max(at - 1, 0)]);
  else if (at < 0) return;
  else if (key === "o") cursor.querySelector("[data-open]")?.click();
  else if (key === "x") select(cursor, event.shiftKey);
  else if (key === "enter" && !event.target.closest("a, button, summary"))
    (cursor.querySelector("[data-step]") ?? cursor.querySelector("[data-open]"))?.click();
  else return;
  event.preventDefault();
});
