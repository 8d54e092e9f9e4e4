// What is ticked in a list marked data-selection: how many, all at once, none at Escape or at the button that clears.
const known = new WeakSet();

function begin(form) {
  if (known.has(form)) return;
  known.add(form);
  const all = form.querySelector("[data-select-all]");
  const count = form.querySelector("[data-selected]");
  const boxes = () => [...form.querySelectorAll("[data-select]")];

  const tell = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
    count.textContent = count.dataset.words.replace("{count}", ticked);
  };

  form.addEventListener("change", (event) => {
    if (event.target === all)
      boxes().forEach((box) => {
        box.checked = all.checked;
      });
    tell();
  });
  form.addEventListener("reset", () => setTimeout(tell));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open], details.menu[open]")) form.reset();
  });
  document.addEventListener("refreshed", tell);
  tell();
}

const beginAll = () => document.querySelectorAll("[data-selection]").forEach(begin);
beginAll();
document.addEventListener("refreshed", beginAll);
