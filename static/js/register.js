// The page of a call: previews the marked contact, loads the chosen one, walks on by Enter, asks before text is lost.
const form = () => document.getElementById("register");
const opened = performance.now();

function load(parameters, focus) {
  const url = `${form().dataset.callerUrl}?${new URLSearchParams(parameters)}`;
  return window.htmx.ajax("GET", url, { target: "#caller-panels", swap: "innerHTML" }).then(() => focus?.());
}

let previewed = 0;
document.addEventListener("highlighted", (event) => {
  clearTimeout(previewed);
  const { value } = event.detail;
  if (value) previewed = setTimeout(() => load({ caller_id: value, preview: 1 }), 120);
});
document.addEventListener("chosen", (event) => {
  clearTimeout(previewed);
  const known = Boolean(event.detail.value);
  const caller = document.getElementById("id_caller").value;
  load({ caller_id: event.detail.value ?? "", caller }, () => {
    const next = known ? document.getElementById("id_subject") ?? document.getElementById("id_body") : document.getElementById(/\d{5}/.test(caller.replace(/\D/g, "")) ? "id_caller_name" : "id_caller_phone");
    next?.focus();
  });
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.path?.includes("change=1")) document.getElementById("id_caller")?.focus();
});

// Enter in a line goes on to the next field; only Ctrl Enter sends.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (!field.matches("#register input:not([type=file], [type=submit])")) return;
  event.preventDefault();
  const walk = [...form().elements].filter((one) => one.matches("input:not([type=hidden]), textarea, select") && one.checkVisibility() && one.tabIndex >= 0);
  walk[walk.indexOf(field) + 1]?.focus();
});

// The reason for logging it late is asked as soon as the time lies too far back.
document.addEventListener("input", (event) => {
  if (event.target.id !== "id_received_at") return;
  const late = form().querySelector("[data-late-hours]");
  const first = new Date(event.target.defaultValue).getTime();
  late.hidden = !(first - new Date(event.target.value).getTime() > Number(late.dataset.lateHours) * 3_600_000);
});

// A panel's key goes to its first link.
document.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-jump]");
  if (jump) jump.closest(".panel").querySelector("a")?.focus();
});

const typed = () => [...form().elements].some((one) => one.matches("input[type=text], textarea") && one.value.trim() && one.value !== one.defaultValue);
document.addEventListener("click", (event) => {
  const leaving = event.target.closest("[data-discard]");
  if (leaving && typed()) { event.preventDefault(); document.getElementById("discard").showModal(); }
  const dropped = event.target.closest("[data-discards]");
  if (dropped) localStorage.removeItem(`draft:${dropped.dataset.discards}`);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal, details.menu[open]")) return;
  event.preventDefault();
  form().querySelector("[data-discard]")?.click();
});

// How long the call has lasted since the page was opened.
const elapsed = document.querySelector("[data-elapsed]");
function tick() {
  const seconds = Math.floor((performance.now() - opened) / 1000);
  const time = seconds < 60 ? `0:${String(seconds).padStart(2, "0")}` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  elapsed.querySelector("span").textContent = elapsed.dataset.elapsed.replace("{time}", time);
}
if (elapsed) { elapsed.hidden = false; tick(); setInterval(tick, 1000); }
