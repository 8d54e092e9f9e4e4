// What a part of the page asked for and did not get: a sentence above the form, and the same request once more.
// Without a connection what is typed lies on this machine (draft.js); a refusal brings its own sentence.
import { announce } from "./announce.js";

const panel = document.getElementById("failed");
const { offline, failed } = document.body.dataset;
let again = null;

function sentenceOf(answer) {
  const page = new DOMParser().parseFromString(answer?.responseText ?? "", "text/html");
  const said = [...page.querySelectorAll(".notice-title")].map((one) => one.textContent.trim()).filter(Boolean);
  return said.join(" ") || failed;
}

function tell(event, words) {
  if (!panel) return;
  const { elt, triggeringEvent } = event.detail.requestConfig ?? {};
  again = () => (elt?.matches("form") ? elt.requestSubmit() : elt?.dispatchEvent(new CustomEvent(triggeringEvent?.type ?? "click", { bubbles: true })));
  panel.querySelector("[data-failed-words]").textContent = words;
  const place = elt?.closest("form.card, .card, #step");
  if (place && document.contains(place)) place.before(panel);
  panel.hidden = false;
  announce(words);
  panel.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:sendError", (event) => tell(event, offline));
document.addEventListener("htmx:timeout", (event) => tell(event, offline));
document.addEventListener("htmx:responseError", (event) => tell(event, sentenceOf(event.detail.xhr)));
document.addEventListener("htmx:afterRequest", (event) => { if (panel && event.detail.successful) panel.hidden = true; });
document.addEventListener("click", (event) => { if (event.target.closest("[data-retry]")) again?.(); });
