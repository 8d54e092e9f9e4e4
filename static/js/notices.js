// Says aloud on this device what came: a notice of the system, a short sound, each if it was switched on here. Each
// message once, whichever of the open tabs hears of it first.
const NOTICES = "notices";
const SOUND = "notice-sound";
const TOLD = "notices-told";
const MOST_TOLD = 100;
const TONES = [880, 660];
const LENGTH = 0.14;
const LOUD = 0.08;

const allowed = () => globalThis.Notification?.permission === "granted";
const isOn = (name) => localStorage.getItem(name) === "on";
const notes = () => isOn(NOTICES) && allowed();
export const rings = () => notes() || isOn(SOUND);

// One of the tabs goes on asking when all are out of sight.
let first = false;
function standBy() {
  navigator.locks?.request("notices-aside", () => {
    first = true;
    return new Promise(() => {});
  });
}
export const ringsAside = () => first && rings();

let audio = null;
async function sound() {
  audio ??= new AudioContext();
  // A page that nobody has touched yet stays silent: browsers ask for a key or a click first.
  if (audio.state === "suspended") await Promise.race([audio.resume(), new Promise((done) => setTimeout(done, 500))]);
  TONES.forEach((tone, place) => {
    const [from, until] = [audio.currentTime + place * LENGTH, audio.currentTime + (place + 1) * LENGTH];
    const [wave, volume] = [audio.createOscillator(), audio.createGain()];
    wave.frequency.value = tone;
    volume.gain.setValueAtTime(LOUD, from);
    volume.gain.exponentialRampToValueAtTime(0.001, until);
    wave.connect(volume).connect(audio.destination);
    wave.start(from);
    wave.stop(until);
  });
}

function say({ id, title, text, url }) {
  try {
    const notice = new Notification(title, { body: text, tag: `desk-${id}`, lang: document.documentElement.lang });
    notice.addEventListener("click", () => {
      window.focus();
      location.assign(url);
    });
  } catch {
    // Phones show notices only for installed pages; bell and title say it all the same.
  }
}

async function ringOnce(found) {
  const told = JSON.parse(localStorage.getItem(TOLD) ?? "[]");
  const fresh = found.filter(({ id }) => !told.includes(id));
  if (!fresh.length) return;
  localStorage.setItem(TOLD, JSON.stringify([...told, ...fresh.map(({ id }) => id)].slice(-MOST_TOLD)));
  if (notes()) fresh.forEach(say);
  if (isOn(SOUND)) await sound();
}

export function ring(found) {
  if (found.length && rings() && navigator.locks) navigator.locks.request("notices", () => ringOnce(found));
}

// The switches on the own page.
function tell(box, name) {
  const { blocked } = box.closest("[data-device]").dataset;
  const hint = box.closest("[data-device]").querySelector("[data-device-hint]");
  if (name === NOTICES)
    hint.textContent = globalThis.Notification?.permission === "default" || allowed() ? "" : blocked;
}

async function change(box, name) {
  if (box.checked && name === NOTICES) {
    // Asked for here and nowhere else.
    await globalThis.Notification?.requestPermission();
    box.checked = allowed();
  }
  localStorage.setItem(name, box.checked ? "on" : "off");
  if (box.checked && name === SOUND) await sound();
  tell(box, name);
}

for (const [selector, name] of [
  ["[data-notices-switch]", NOTICES],
  ["[data-sound-switch]", SOUND],
]) {
  const box = document.querySelector(selector);
  if (!box) continue;
  box.closest("[data-device]").hidden = false;
  box.checked = isOn(name) && (name !== NOTICES || allowed());
  box.addEventListener("change", () => change(box, name));
  tell(box, name);
}
if (rings()) standBy();
