// Ticks the time left. Each clock brings what was left (seconds) at the server's own time, the shares of its time at
// which is warned, and the intervals ahead in which its time counts (epoch seconds "a-b c-d"; none means always).
// Between two words of the server performance.now() counts; it stands still while the computer sleeps, so a page that
// comes back asks the server anew. The device's clock is never believed: a jump of it is only a reason to ask.
import { announce } from "./announce.js";

const [days, hours, minutes, under] = (document.body.dataset.units ?? "|||").split("|");
const { leftWord, overdueWord } = document.body.dataset;
const ICON = { normal: "clock", soon: "clock", at_risk: "alert-triangle", breached: "clock-exclamation" };
const TONE = { at_risk: "amber", breached: "red" };
const seen = new WeakMap();
// What the server said last, and the device's clock less the page's own at the last look.
let told = { now: 0, at: -Infinity };
let apart = Date.now() - performance.now();

export function duration(seconds) {
  const all = Math.floor(Math.abs(seconds) / 60);
  if (all < 1) return under;
  const parts = [
    [days, Math.floor(all / 1440)],
    [hours, Math.floor(all / 60) % 24],
    [minutes, all % 60],
  ];
  const first = parts.findIndex(([, amount]) => amount);
  return parts
    .slice(first, first + 2)
    .filter(([, amount]) => amount)
    .map(([unit, amount]) => unit.replace("%d", amount))
    .join(" ");
}

// A space between a Chinese character and a number, none between two Chinese characters, as the server words it.
const spaced = (text) =>
  text.replace(/([\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g, "$1").replace(/([\u4e00-\u9fff])(?=\d)/g, "$1 ");

export function counted(from, to, intervals) {
  if (!intervals.length) return to - from;
  return intervals.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, start)), 0);
}

function read(clock) {
  const intervals = clock.dataset.counted
    .split(" ")
    .filter(Boolean)
    .map((pair) => pair.split("-").map(Number));
  const warnings = (clock.dataset.warnings ?? "")
    .split(" ")
    .filter(Boolean)
    .map((percent) => Number(percent) / 100);
  const left = Number(clock.dataset.left);
  const memory = {
    at: performance.now(),
    now: Number(clock.dataset.now),
    left,
    shown: left,
    intervals,
    warnings,
    total: Number(clock.dataset.total),
  };
  seen.set(clock, memory);
  return memory;
}

function stateOf(left, memory) {
  if (left <= 0) return "breached";
  if (memory.total && 1 - left / memory.total >= memory.warnings[0]) return "at_risk";
  return left < 3600 ? "soon" : "normal";
}

function tick(clock) {
  const before = clock.dataset.clock;
  if (!(before in ICON)) return;
  const memory = seen.get(clock) ?? read(clock);
  const newest = told.at > memory.at ? told : memory;
  const left = memory.left - counted(memory.now, newest.now + (performance.now() - newest.at) / 1000, memory.intervals);
  const words = clock.querySelector(".clock-words");
  let text = words.textContent.replace(duration(memory.shown), duration(left));
  if (memory.shown > 0 && left <= 0) text = text.replace(leftWord, overdueWord);
  text = spaced(text);
  if (text !== words.textContent) words.textContent = text;
  const share = memory.total ? Math.min(100, Math.round((1 - left / memory.total) * 100)) : null;
  if (share !== null) clock.querySelector(".clock-used")?.setAttribute("x2", `${share}%`);
  change(clock, before, before === "breached" ? before : stateOf(left, memory), text);
  if (crosses(memory, left)) announce(text);
  memory.shown = left;
}

// The first warning is announced with the change of its state.
function crosses(memory, left) {
  const before = 1 - memory.shown / memory.total;
  const after = 1 - left / memory.total;
  return memory.total && memory.shown > 0 && memory.warnings.slice(1).some((share) => before < share && after >= share);
}

function change(clock, before, after, text) {
  if (before === after || (before === "at_risk" && after !== "breached")) return;
  clock.dataset.clock = after;
  clock.classList.replace(`clock-${before}`, `clock-${after}`);
  const face = clock.querySelector(".clock-face");
  face.classList.remove("amber", "red");
  if (TONE[after]) face.classList.add(TONE[after]);
  const use = face.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICON[after]}`));
  if (TONE[after]) announce(text);
}

function tickAll() {
  document.querySelectorAll("[data-clock]").forEach(tick);
  document.dispatchEvent(new CustomEvent("ticked"));
}
document.querySelectorAll("[data-clock]").forEach(read);
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.("[data-clock]").forEach(read));

async function ask() {
  const url = document.body.dataset.time;
  if (!url || !document.querySelector("[data-clock]")) return;
  try {
    const answer = await fetch(url, { redirect: "error", cache: "no-store" });
    if (answer.ok) told = { now: (await answer.json()).now, at: performance.now() };
  } catch {
    // No connection: what was known goes on counting, and the next return asks again.
  }
}

async function comeBack() {
  await ask();
  tickAll();
}

function everyMinute() {
  const before = apart;
  apart = Date.now() - performance.now();
  if (Math.abs(apart - before) > 5000) comeBack();
  else tickAll();
}

setInterval(everyMinute, 60_000);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) comeBack();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) comeBack();
});
