// Says a sentence to screen readers without moving the focus.
export function announce(sentence) {
  const region = document.getElementById("announce");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = sentence;
  });
}
