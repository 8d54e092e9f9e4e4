// A ready reason fills the field; without any reason the field is asked for before the form is sent.
const field = document.getElementById("decision-text");

if (field) field.required = true;
document.addEventListener("change", (event) => {
  if (!field || event.target.name !== "ready") return;
  field.value = event.target.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
// A form whose field is asked for was not sent.
field?.addEventListener("invalid", () => field.focus());
