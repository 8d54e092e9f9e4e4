// Each form, as it was opened, has a key of its own (opened_form), by which drafts are kept and by which the server
// counts a form once. The key belongs to the entry in the tab's history, so that after a reload or the way back it is
// the same form.
export const keyOf = (form) => form.elements.opened_form?.value ?? "";
export const nameOf = (form) => keyOf(form).replace(/-[^-]*$/, "");
const keys = (root) => [...root.querySelectorAll("form [name=opened_form]")];
export const openedForms = (root = document) => keys(root).map((one) => one.form);

function remember(form) {
  history.replaceState({ ...history.state, forms: { ...history.state?.forms, [nameOf(form)]: keyOf(form) } }, "");
}

export function rekey(form, key) {
  form.elements.opened_form.value = key;
  remember(form);
}

// What was saved stays saved: from now on the form is another one with the same text.
export function openAnew(form) {
  rekey(form, `${nameOf(form)}-${crypto.getRandomValues(new Uint32Array(2)).join("")}`);
}

// A form that comes with the page or later: as the history knows it, unless it came back with mistakes.
export function adopt(form) {
  const known = history.state?.forms?.[nameOf(form)];
  if (known && !form.querySelector("[aria-invalid=true]")) form.elements.opened_form.value = known;
  remember(form);
}
openedForms().forEach(adopt);
