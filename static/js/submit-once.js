// A form is sent once: its button shows that it is running, and a second click does nothing.
const sent = new WeakSet();

function release(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll("[aria-busy]")) {
    button.removeAttribute("aria-busy");
    const label = button.querySelector("[data-label]");
    if (label) { label.textContent = label.dataset.label; delete label.dataset.label; }
  }
}

function run(button) {
  button.setAttribute("aria-busy", "true");
  const label = button.querySelector("span");
  if (!label || !button.dataset.running) return;
  label.dataset.label = label.textContent;
  label.textContent = button.dataset.running;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "get" || form.method === "dialog") return;
  if (sent.has(form)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  sent.add(form);
  if (event.submitter) run(event.submitter);
}, true);
document.addEventListener("htmx:afterRequest", (event) => { const form = event.target.closest?.("form"); if (form) release(form); });
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach(release));
