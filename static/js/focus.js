// Puts the focus where reading goes on: on an error summary, or on the first heading of what was swapped in by an
// action.
function place(root) {
  const summary = root.matches?.("[data-focus]") ? root : root.querySelector?.("[data-focus]");
  if (summary) summary.focus();
}

place(document);
document.addEventListener("htmx:afterSettle", (event) => {
  // What announces itself came while somebody is typing elsewhere.
  if (event.detail.requestConfig?.verb === "get" || event.target.closest?.("[aria-live]")) return;
  if (event.target.querySelector?.("[data-focus]")) {
    place(event.target);
    return;
  }
  const heading = event.target.querySelector?.("h1, h2, h3");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
});
// A correction offered in an error fills its field.
document.addEventListener("click", (event) => {
  const offer = event.target.closest("[data-fills]");
  const field = offer && document.getElementById(offer.dataset.fills);
  if (!field) return;
  field.value = offer.dataset.value;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
// The eye beside a password shows it.
document.addEventListener("click", (event) => {
  const eye = event.target.closest("[data-reveals]");
  const field = eye && document.getElementById(eye.dataset.reveals);
  if (!field) return;
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  eye.setAttribute("aria-pressed", String(!shown));
});
