// The page of a call: previews the marked contact, loads the chosen one, asks before text is lost.
const form = () => document.getElementById("register");
const opened = performance.now();

function load(parameters) {
  const url = `${form().dataset.callerUrl}?${new URLSearchParams(parameters)}`;
  return window.htmx.ajax("GET", url, { target: "#caller-panels", swap: "innerHTML" });
}

const isNumber = (text) => text.replace(/\D/g, "").length >= 5;
const field = (...ids) => ids.map((id) => document.getElementById(id)).find(Boolean);

let previewed = 0;
document.addEventListener("highlighted", (event) => {
  clearTimeout(previewed);
  const { value } = event.detail;
  if (value) previewed = setTimeout(() => load({ caller_id: value, preview: 1 }), 120);
});
// The focus goes on before the answer is there, so that nothing typed meanwhile is lost.
document.addEventListener("chosen", (event) => {
  clearTimeout(previewed);
  const { value } = event.detail;
  if (value) field("id_subject", "id_body").focus();
  else {
    document.querySelector(".register-unknown").open = true;
    field(isNumber(field("id_caller").value) ? "id_caller_name" : "id_caller_phone").focus();
  }
  load({ caller_id: value ?? "" });
});
// A draft brings the chosen caller back by his key alone.
document.addEventListener("change", (event) => {
  const { target } = event;
  if (target.matches("#register [data-lookup-value]") && target.value) load({ caller_id: target.value });
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.requestConfig?.path?.includes("change=1")) field("id_caller")?.focus();
});

// The reason for logging it late is asked as soon as the time lies too far back.
document.addEventListener("input", (event) => {
  if (event.target.id !== "id_received_at") return;
  const late = form().querySelector("[data-late-hours]");
  const first = new Date(event.target.defaultValue).getTime();
  late.hidden = !(first - new Date(event.target.value).getTime() > Number(late.dataset.lateHours) * 3_600_000);
});

// A panel's key goes to its first link; on a phone, where panels are folded, it unfolds them.
document.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-jump]");
  if (!jump) return;
  const open = jump.closest(".panel").classList.toggle("open");
  jump.setAttribute("aria-expanded", String(open));
  jump.closest(".panel").querySelector(".panel-body a")?.focus();
});

const typed = () => [...form().elements].some((one) => one.matches("input[type=text], textarea") && one.value.trim());
document.addEventListener("click", (event) => {
  const leaving = event.target.closest("[data-discard]");
  if (leaving && typed()) {
    event.preventDefault();
    document.getElementById("discard").showModal();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  if (document.querySelector("dialog[open], details.menu[open]")) return;
  event.preventDefault();
  form().querySelector("[data-discard]")?.click();
});

// How long the call has lasted since the page was opened.
const elapsed = document.querySelector("[data-elapsed]");
function tick() {
  const seconds = Math.floor((performance.now() - opened) / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  elapsed.querySelector("span").textContent = elapsed.dataset.elapsed.replace("{time}", time);
}
if (elapsed) {
  elapsed.hidden = false;
  tick();
  setInterval(tick, 1000);
}

// A letter or a fax needs its scan and an e-mail its original, so the place for it opens by itself.
document.addEventListener("change", (event) => {
  const paper = event.target.name === "channel" && ["letter", "fax", "email"].includes(event.target.value);
  if (paper) document.querySelector(".register-files").open = true;
});
