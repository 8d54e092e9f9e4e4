// Files of a form: chosen, dropped anywhere on it, or pasted into it; each is listed with its size and can be taken
// away again. What cannot be sent is refused at once, in the server's own words. A form that comes back as it was not
// taken has its files again, since it is still the same form (opened.js).
import { announce } from "./announce.js";
import { keyOf, openedForms } from "./opened.js";

const SIGNATURES = [
  ["jpg", "JPEG", [0xff, 0xd8, 0xff]],
  ["png", "PNG", [0x89, 0x50, 0x4e, 0x47]],
  ["gif", "GIF", [0x47, 0x49, 0x46, 0x38]],
  ["tif", "TIFF", [0x49, 0x49, 0x2a, 0x00]],
  ["tif", "TIFF", [0x4d, 0x4d, 0x00, 0x2a]],
  ["pdf", "PDF", [0x25, 0x50, 0x44, 0x46, 0x2d]],
];
const SAME = { jpeg: "jpg", jpe: "jpg", jfif: "jpg", tiff: "tif", heif: "heic" };
const { zone } = document.body.dataset;
const held = new Map();

const boxOf = (form) => form?.querySelector("[data-files]");
const inputOf = (box) => box.querySelector("input[type=file]");
const filesOf = (form) => held.get(keyOf(form)) ?? [];
const endingOf = (name) => (name.includes(".") ? name.split(".").pop().toLowerCase() : "");
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_all, key) => values[key]);

function size(bytes) {
  const amount =
    bytes < 1024 ** 2 ? [Math.max(1, Math.round(bytes / 1024)), "KB"] : [(bytes / 1024 ** 2).toFixed(1), "MB"];
  return amount.join(" ");
}

// What the first bytes say that it is; nothing for what they do not tell.
async function sniffed(file) {
  const start = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const heic = String.fromCharCode(...start.slice(4, 8)) === "ftyp";
  return heic ? ["heic", "HEIC"] : SIGNATURES.find(([, , bytes]) => bytes.every((one, at) => start[at] === one));
}

// The name under which the server will keep it, where that is another one.
function otherName(box, file, found) {
  const ending = endingOf(file.name);
  const own = SAME[ending] ?? ending;
  if (!found || own === found[0]) return null;
  const pictures = box.dataset.byContent.split(" ");
  const stem = pictures.includes(own) ? file.name.slice(0, -ending.length - 1) : file.name;
  return { given: file.name, kind: found[1], name: `${stem}.${found[0]}` };
}

function fault(box, file, found) {
  const { notTaken, tooLarge, empty, mostBytes } = box.dataset;
  if (!file.size) return empty;
  if (file.size > Number(mostBytes)) return tooLarge;
  const listed = inputOf(box)
    .accept.split(",")
    .includes(`.${endingOf(file.name)}`);
  return listed || found ? "" : notTaken;
}

function refuse(box, sentences) {
  const place = box.querySelector(".files-wrong");
  place.hidden = !sentences.length;
  place.replaceChildren(...sentences.map((one) => Object.assign(document.createElement("p"), { textContent: one })));
}

function row(box, form, file, note) {
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("bdi"), { textContent: file.name });
  const amount = Object.assign(document.createElement("span"), {
    className: "hint number",
    textContent: size(file.size),
  });
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "btn btn-small files-remove",
    textContent: "×",
  });
  button.setAttribute("aria-label", filled(box.dataset.remove, { name: file.name }));
  button.addEventListener("click", () => {
    const rest = filesOf(form).filter((one) => one !== file);
    put(box, form, rest);
    (box.querySelector(".files-remove") ?? inputOf(box)).focus();
  });
  item.append(name, amount, button);
  if (note) item.append(Object.assign(document.createElement("span"), { className: "hint", textContent: note }));
  return item;
}

async function put(box, form, files) {
  const transfer = new DataTransfer();
  files.forEach((file) => transfer.items.add(file));
  inputOf(box).files = transfer.files;
  held.set(keyOf(form), files);
  const notes = await Promise.all(
    files.map(async (file) => {
      const other = otherName(box, file, await sniffed(file));
      return other ? filled(box.dataset.keptAs, other) : "";
    }),
  );
  const list = box.querySelector(".files-chosen");
  list.hidden = !files.length;
  list.replaceChildren(...files.map((file, at) => row(box, form, file, notes[at])));
  box.querySelector("[data-files-again]")?.remove();
  announce(filled(box.dataset.listed, { count: files.length }));
}

const same = (one, other) =>
  one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;

async function take(form, added) {
  const box = boxOf(form);
  const { most, tooMany } = box.dataset;
  const kept = [...filesOf(form)];
  const wrong = [];
  for (const file of added) {
    const why = fault(box, file, await sniffed(file));
    if (why) wrong.push(`${file.name}: ${why}`);
    else if (kept.some((one) => same(one, file))) continue;
    else if (kept.length >= Number(most)) wrong.push(`${file.name}: ${tooMany}`);
    else kept.push(file);
  }
  refuse(box, wrong);
  await put(box, form, kept);
}

// A pasted picture has no name of its own: 截图 2026-11-30 09.42.png, on the page's clock.
function named(box, file, taken) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const at = new Date().toLocaleString("sv-SE", { timeZone: zone }).slice(0, 16).replace(":", ".");
  const stem = `${box.dataset.screenshot} ${at}`;
  const ending = endingOf(file.name);
  let name = `${stem}.${ending}`;
  for (let count = 2; taken.some((one) => one.name === name); count += 1) name = `${stem} (${count}).${ending}`;
  return new File([file], name, { type: file.type, lastModified: Date.now() });
}

document.addEventListener("change", (event) => {
  const box = event.target.closest?.("[data-files]");
  if (box && event.target.type === "file") take(event.target.form, [...event.target.files]);
});
document.addEventListener("paste", (event) => {
  const own = event.target.closest?.("form");
  const form = boxOf(own) ? own : [...document.querySelectorAll("form[data-main]")].find(boxOf);
  const files = [...(event.clipboardData?.files ?? [])];
  // From a spreadsheet comes a picture beside the text that is meant.
  const text = event.target.matches?.("input, textarea") && event.clipboardData.types.includes("text/plain");
  if (!form || !files.length || text) return;
  event.preventDefault();
  const taken = [...filesOf(form)];
  take(
    form,
    files.map((file) => named(boxOf(form), file, taken)),
  );
});

const dropsOn = (event) => {
  const form = event.target.closest?.("form");
  return boxOf(form) && event.dataTransfer?.types.includes("Files") ? form : null;
};
const mark = (form, on) => boxOf(form).classList.toggle("is-over", on);
document.addEventListener("dragover", (event) => {
  const form = dropsOn(event);
  if (!form) return;
  event.preventDefault();
  mark(form, true);
});
document.addEventListener("dragleave", (event) => {
  const form = dropsOn(event);
  if (form && !form.contains(event.relatedTarget)) mark(form, false);
});
document.addEventListener("drop", (event) => {
  const form = dropsOn(event);
  if (!form) return;
  event.preventDefault();
  mark(form, false);
  take(form, [...event.dataTransfer.files]);
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const box = event.target.matches("form") && boxOf(event.target);
  if (!box || !filesOf(event.target).length || !event.detail.total) return;
  const bar = box.querySelector(".files-progress");
  bar.hidden = false;
  bar.value = (event.detail.loaded / event.detail.total) * 100;
});
document.addEventListener("htmx:afterRequest", ({ target }) => {
  const bar = target.matches?.("form") && boxOf(target)?.querySelector(".files-progress");
  if (bar) bar.hidden = true;
});
document.addEventListener("htmx:load", () => {
  for (const form of openedForms()) {
    const box = boxOf(form);
    if (box && filesOf(form).length && !inputOf(box).files.length) put(box, form, filesOf(form));
  }
});
