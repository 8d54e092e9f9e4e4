// A field with data-filters="#list" shows only the items of the list (or lists) that contain what was typed.
document.addEventListener("typed", (event) => {
  const lists = event.target.dataset?.filters;
  if (!lists) return;
  const words = event.target.value.trim().toLowerCase();
  for (const list of document.querySelectorAll(lists))
    for (const item of list.querySelectorAll("[data-filterable], :scope > li"))
      item.hidden = !item.textContent.toLowerCase().includes(words);
});
