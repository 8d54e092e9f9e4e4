// A field with data-filters="#list" shows only the items of the list (or lists) that contain what was typed.
export function filter(field) {
  const words = field.value.trim().toLowerCase();
  for (const list of document.querySelectorAll(field.dataset.filters))
    for (const item of list.querySelectorAll("[data-filterable], :scope > li"))
      item.hidden = !item.textContent.toLowerCase().includes(words);
}

document.addEventListener("typed", ({ target }) => {
  if (target.dataset?.filters) filter(target);
});
