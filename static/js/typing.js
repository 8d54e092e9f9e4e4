// Sends `typed` from a text field 150 ms after the last stroke, never while an input method is composing.
const waiting = new WeakMap();

function later(field) {
  clearTimeout(waiting.get(field));
  waiting.set(
    field,
    setTimeout(() => field.dispatchEvent(new CustomEvent("typed", { bubbles: true })), 150),
  );
}

document.addEventListener("input", (event) => {
  if (event.isComposing) clearTimeout(waiting.get(event.target));
  else later(event.target);
});
document.addEventListener("compositionend", (event) => later(event.target));
