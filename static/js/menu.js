// A dropped menu closes at Escape, at a click elsewhere, and when the focus leaves it.
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) =>
  open().forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  }),
);
document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  open().forEach((menu) => {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  });
});
