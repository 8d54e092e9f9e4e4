// A field with data-filters="#list" shows only the items of the list that contain what was typed.
document.addEventListener("typed", (event) => {
  const list = event.target.dataset?.filters && document.querySelector(event.target.dataset.filters);
  if (!list) return;
  const words = event.target.value.trim().toLowerCase();
  for (const item of list.querySelectorAll("[data-filterable], :scope > li"))
    item.hidden = !item.textContent.toLowerCase().includes(words);
});
