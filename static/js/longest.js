// Counts a text that comes near to its field's data-longest and says how much is too much; nothing is cut off.
const [left, over] = (document.body.dataset.longestWords ?? "|").split("|");

function told(field) {
  // As the server counts: signs, and two for the end of a line.
  const length = [...field.value.replace(/\r?\n/g, "\r\n")].length;
  const longest = Number(field.dataset.longest);
  if (length < longest * 0.9) return "";
  return (length > longest ? over : left).replace("{count}", Math.abs(longest - length)).replace("{longest}", longest);
}

function count(field) {
  const words = told(field);
  const after = field.nextElementSibling;
  const place = after?.matches("[data-counter]") ? after : words && document.createElement("div");
  if (!place) return;
  if (!place.isConnected) {
    Object.assign(place, { className: "hint field-hint" });
    place.dataset.counter = "";
    place.setAttribute("role", "status");
    field.after(place);
  }
  place.textContent = words;
  place.classList.toggle("red", field.value.length > Number(field.dataset.longest));
}

document.addEventListener("input", (event) => {
  if (event.target.dataset?.longest) count(event.target);
});
