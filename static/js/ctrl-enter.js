// Ctrl Enter sends the form that has the focus; Ctrl Shift Enter by its button data-key="ctrl+shift+enter".
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest("form") ?? document.querySelector("form[data-main]");
  if (!form) return;
  const button = event.shiftKey ? form.querySelector('[data-key="ctrl+shift+enter"]') : form.querySelector(".btn-primary");
  if (!button) return;
  event.preventDefault();
  // A real click, so that whoever sends the form knows by which button.
  button.click();
});
