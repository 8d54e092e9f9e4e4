// Asks every few seconds whether anything is new: more often where somebody else has the same record open, not at all
// while the page is out of sight. What is new is brought in by refresh.js; what happened is told in #live.
import { announce } from "./announce.js";
import { rings, ring, ringsAside } from "./notices.js";
import { holds, isWritten, refresh, refreshFrame } from "./refresh.js";

const SECOND = 1000;
const USUAL = 15 * SECOND;
const SHARED = 5 * SECOND;
// Out of sight only the one tab asks that rings on this device.
const ASIDE = 60 * SECOND;
const LONGEST = 120 * SECOND;
const QUIET = 60 * SECOND;
const ENDS = { 401: "signedOut", 404: "gone", 409: "otherPerson" };
const { live, liveUrl } = document.body.dataset;
const tab = Math.random().toString(36).slice(2, 12);
let mark = live;
let shared = false;
let failures = 0;
let asking = false;
let ended = false;
let fresh = 0;
let announced = -QUIET;
let seen = new Date();
let timer = 0;

const place = () => document.getElementById("live");
const line = (name) => place()?.querySelector(`[data-live-line="${name}"]`);

function show(name, words) {
  const one = line(name);
  if (!one) return;
  const text = one.querySelector("[data-live-words]");
  // A live region speaks at every change, so it changes only where the words do.
  if (text.textContent !== words) text.textContent = words;
  one.hidden = !words;
}

const worded = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), place().dataset[name]);

// Since when the page stands still, on the clock of its zone.
function standsStill() {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: document.body.dataset.zone };
  return worded("offline", { time: new Intl.DateTimeFormat("sv-SE", options).format(seen) });
}

function end(status) {
  ended = true;
  show("ended", worded(ENDS[status]));
  line("ended")
    .querySelectorAll("[data-live-way]")
    .forEach((one) => {
      one.hidden = one.dataset.liveWay !== ENDS[status];
    });
  const signIn = line("ended").querySelector("[data-live-way=signedOut]");
  signIn.href = `${signIn.dataset.url}?${new URLSearchParams({ next: location.pathname + location.search })}`;
}

function changed(name) {
  show("changed", name ? worded("changedBy", { name }) : worded("changed"));
}

// Seldom, and only what came besides.
function tell() {
  if (!fresh || performance.now() - announced < QUIET) return;
  announced = performance.now();
  announce(worded("fresh", { count: fresh }));
  fresh = 0;
}

// As the page is seen: with a filter that was chosen since it came.
function source() {
  const main = document.querySelector("main[data-source]");
  return main?.querySelector("a[hx-get][aria-current]")?.getAttribute("hx-get") ?? main?.dataset.source;
}

async function bring(told) {
  if (told.page && source()) {
    const found = await refresh(source());
    mark = found.mark;
    fresh += found.fresh;
    if (holds()) changed(told.by);
    else if (told.by) announce(worded("changedBy", { name: told.by }));
    return;
  }
  if (told.page || told.frame) await refreshFrame();
  if (told.page && "record" in place().dataset) changed(told.by);
  mark = told.mark ?? mark;
}

async function hear(answer) {
  if (answer.status === 204) {
    mark = answer.headers.get("Live-Mark") ?? mark;
    return;
  }
  if (answer.status in ENDS) {
    end(answer.status);
    return;
  }
  if (!answer.ok) throw new Error(answer.statusText);
  const told = await answer.json();
  shared = Boolean(told.shared);
  show("writes", told.writing?.length ? worded("writes", { names: told.writing.join(worded("comma")) }) : "");
  ring(told.notices ?? []);
  // What is out of sight is brought in when it comes back.
  if (!document.hidden) await bring(told);
}

function headers() {
  const given = { Live: "1", "Live-Mark": mark, "Live-Tab": tab };
  if (isWritten()) given["Live-Writes"] = "1";
  if (rings()) given["Live-Notices"] = "1";
  return given;
}

async function ask() {
  clearTimeout(timer);
  if (ended || asking || (document.hidden && !ringsAside())) return;
  asking = true;
  try {
    const signal = AbortSignal.timeout?.(LONGEST);
    await hear(await fetch(liveUrl, { headers: headers(), cache: "no-store", redirect: "error", signal }));
    failures = 0;
    seen = new Date();
    show("offline", "");
    tell();
  } catch {
    failures += 1;
    // One that fails may be a server that starts anew.
    if (failures > 1) show("offline", standsStill());
  }
  asking = false;
  later();
}

function later() {
  const usual = document.hidden ? ASIDE : shared ? SHARED : USUAL;
  clearTimeout(timer);
  timer = setTimeout(ask, failures ? Math.min(USUAL * 2 ** (failures - 1), LONGEST) : usual);
}

if (live && place()) {
  document.addEventListener("visibilitychange", ask);
  addEventListener("online", ask);
  addEventListener("pageshow", (event) => {
    if (event.persisted) ask();
  });
  // On a record at once, so that others see that it is open.
  if ("record" in place().dataset) ask();
  else later();
}
