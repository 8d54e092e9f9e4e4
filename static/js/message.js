// What was done goes after 5 s unless pointed at or focused; warnings stay until they are closed.
function dismiss(line) {
  line.classList.add("going");
  setTimeout(() => line.remove(), 160);
}

function fade(line) {
  setTimeout(() => (line.matches(":hover, :focus-within") ? fade(line) : dismiss(line)), 5000);
}

document.querySelectorAll(".toast-line[data-fades]").forEach(fade);
document.addEventListener("htmx:load", (event) =>
  event.target.querySelectorAll?.(".toast-line[data-fades]").forEach(fade),
);
document.addEventListener("click", (event) => {
  const line = event.target.closest("[data-dismiss]")?.closest(".toast-line");
  if (line) dismiss(line);
});
