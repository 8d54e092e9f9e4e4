// What came back instead of what was asked for, told above the form with a way on; nobody is taken away from the page.
// What is typed lies on this machine (draft.js). A token that a new sign-in has made old is fetched, and the form is
// sent again. What a page loads by itself (data-unasked) has nobody to tell: nobody waits for it.
import { announce } from "./announce.js";
import { keyOf, openAnew } from "./opened.js";

const { offline, failed, signedOut, otherPerson, user } = document.body.dataset;
const panel = () => document.getElementById("failed");
const STALE = "data-stale-token";
let again = null;
let told = null;
const renewed = new WeakSet();
const asked = ({ detail }) => !detail.elt.matches?.("[data-unasked]");

function pageOf(answer) {
  return new DOMParser().parseFromString(answer?.responseText ?? "", "text/html");
}

function sentenceOf(answer) {
  const said = [...pageOf(answer).querySelectorAll(".notice-title, [data-says]")].map((one) => one.textContent.trim());
  return said.filter(Boolean).join(" ") || failed;
}

function tell(event, words, { signIn = false, more = "" } = {}) {
  const { elt, triggeringEvent } = event.detail.requestConfig ?? {};
  again = () => {
    const button = triggeringEvent?.submitter;
    // A real click, as only from that does htmx know by which button a form is sent.
    if (button?.isConnected) button.click();
    else if (elt?.matches("form")) elt.requestSubmit();
    else elt?.dispatchEvent(new CustomEvent(triggeringEvent?.type ?? "click", { bubbles: true }));
  };
  const place = panel();
  if (!place) return;
  told = event.detail.xhr;
  place.querySelector("[data-failed-words]").textContent = words;
  place.querySelector("[data-failed-more]").innerHTML = more;
  place.querySelector("[data-retry]").hidden = Boolean(more);
  const link = place.querySelector("[data-sign-in]");
  link.hidden = !signIn;
  link.href = `${link.dataset.signIn}?${new URLSearchParams({ next: location.pathname + location.search })}`;
  const beside = elt?.closest("form.card, .card, #step");
  if (beside && document.contains(beside)) beside.before(place);
  place.sentBy = elt;
  place.hidden = false;
  announce(words);
  if (elt?.matches("form")) place.scrollIntoView({ block: "nearest" });
}

// A new sign-in in another window: the same person goes on, another one's name is under nothing that this one typed.
async function renew(event) {
  const found = await fetch(document.body.dataset.tokenUrl)
    .then((answer) => answer.json())
    .catch(() => null);
  const form = event.detail.elt;
  const twice = renewed.has(form);
  if (!found) tell(event, offline);
  else if (!found.user) tell(event, signedOut, { signIn: true });
  else if (found.user !== user) tell(event, otherPerson);
  else tell(event, sentenceOf(event.detail.xhr));
  if (found?.user !== user || twice) return;
  renewed.add(form);
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": found.token }));
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((one) => {
    one.value = found.token;
  });
  again();
}

function refused(event) {
  const { xhr } = event.detail;
  if (xhr.status === 401) tell(event, signedOut, { signIn: true });
  else if (xhr.status === 403 && xhr.responseText.includes(STALE) && event.detail.elt.matches("form")) renew(event);
  else tell(event, sentenceOf(xhr));
}

function bringsBack(form, answer) {
  return pageOf(answer).querySelector(`[name=opened_form][value="${CSS.escape(keyOf(form))}"]`);
}

document.addEventListener("htmx:sendError", (event) => asked(event) && tell(event, offline));
document.addEventListener("htmx:timeout", (event) => asked(event) && tell(event, offline));
document.addEventListener("htmx:responseError", (event) => asked(event) && refused(event));
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, elt } = event.detail;
  if (xhr.getResponseHeader("Already-Saved")) {
    event.detail.shouldSwap = false;
    const page = pageOf(xhr);
    const more = page.querySelector("[data-ways-on]").innerHTML;
    tell(event, page.querySelector(".notice-title").textContent.trim(), { more });
  } else if (xhr.status >= 400 && elt.getAttribute?.("hx-select") === "#content" && !bringsBack(elt, xhr)) {
    // An answer that does not bring the form back does not take it away.
    event.detail.shouldSwap = false;
    tell(event, sentenceOf(xhr));
  }
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  // To htmx every answer is a success that its configuration does not call an error; and a look-up beside the form that
  // succeeds takes away nothing that was said of the form.
  if (!detail.successful || detail.xhr === told) return;
  renewed.delete(detail.elt);
  if (panel()?.sentBy === detail.elt) panel().hidden = true;
});
document.addEventListener("click", (event) => {
  const another = event.target.closest("[data-another]");
  if (another) openAnew(another.closest("#failed").sentBy);
  if (another || event.target.closest("[data-retry]")) again?.();
});
