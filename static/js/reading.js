// Long texts show their beginning and a way to read on. On paper and without scripts they are whole.
const PLACES = ".words, .quote, .entry-detail, .record-pairs :is(dd > div:not(.data-scroll), td > div)";
const MOST_LINES = 14;
const { readOn, readLess } = document.body.dataset;
// Which ones somebody reads whole; a refresh does not fold them again.
const whole = new WeakSet();
const sizes = new ResizeObserver((seen) => seen.forEach(({ target }) => look(target)));

function buttonOf(text) {
  const next = text.nextElementSibling;
  if (next?.matches(".read-on")) return next;
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "link read-on no-print",
  });
  button.addEventListener("click", () => {
    if (!whole.delete(text)) whole.add(text);
    look(text);
    text.scrollIntoView({ block: "nearest" });
  });
  text.after(button);
  return button;
}

function look(text) {
  const line = parseFloat(getComputedStyle(text).lineHeight);
  if (text.scrollHeight <= line * MOST_LINES) {
    text.classList.remove("folded");
    if (text.nextElementSibling?.matches(".read-on")) text.nextElementSibling.remove();
    return;
  }
  const button = buttonOf(text);
  text.classList.toggle("folded", !whole.has(text));
  button.textContent = whole.has(text) ? readLess : readOn;
  button.setAttribute("aria-expanded", String(whole.has(text)));
}

function begin() {
  for (const text of document.querySelectorAll(PLACES)) {
    sizes.observe(text);
    if (whole.has(text)) look(text);
  }
}

begin();
document.addEventListener("htmx:load", begin);
document.addEventListener("refreshed", begin);
