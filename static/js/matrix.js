// Arrows walk the matrix as it looks: the radio buttons stand column by column, one column an impact.
document.addEventListener("keydown", (event) => {
  const matrix = event.target.type === "radio" && event.target.closest("[data-matrix]");
  if (!matrix) return;
  // Enter takes the cell; the browser would send the form.
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    event.target.click();
    return;
  }
  const rows = Number(matrix.dataset.matrix);
  const wide = getComputedStyle(matrix.querySelector(".matrix-grid")).display === "grid";
  const step = (
    wide ? { ArrowDown: 1, ArrowUp: -1, ArrowRight: rows, ArrowLeft: -rows } : { ArrowDown: 1, ArrowUp: -1 }
  )[event.key];
  if (!step) return;
  const cells = [...matrix.querySelectorAll("input[type=radio]")];
  const at = cells.indexOf(event.target);
  const next = at + step;
  event.preventDefault();
  if (!cells[next] || (wide && Math.abs(step) === 1 && Math.floor(next / rows) !== Math.floor(at / rows))) return;
  cells[next].focus();
  cells[next].click();
});
