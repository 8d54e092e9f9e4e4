// A step that cannot be done says why: its reason turns red for 4 s and is announced.
import { announce } from "./announce.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[aria-disabled=true]");
  if (!button) return;
  event.preventDefault();
  const reason = document.getElementById(button.getAttribute("aria-describedby"));
  if (!reason) return;
  reason.classList.add("refused");
  announce(reason.textContent.trim());
  setTimeout(() => reason.classList.remove("refused"), 4000);
});
