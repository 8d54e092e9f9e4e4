"""What the pages' scripts do, in a browser, without a device clock and under the content policy."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement.id"
CHECKED = "document.querySelector('input[name=cell]:checked').value"
TWO_MINUTES_LATER = """() => {
  Date.now = () => 9e15;
  const real = performance.now.bind(performance);
  performance.now = () => real() + 120000;
}"""
ASLEEP = "() => { const still = performance.now(); performance.now = () => still; }"
SIGN_OUT = """() => {
  const form = document.createElement("form");
  form.dataset.forgets = "";
  document.body.append(form);
  form.dispatchEvent(new SubmitEvent("submit", {bubbles: true}));
}"""
COMPOSE = """() => {
  window.typed = 0;
  document.addEventListener("typed", () => { window.typed += 1; });
  document.querySelector("#id_subject").dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true}));
}"""


def settle(page: Any, milliseconds: int = 400) -> None:
    """Let the page's own timers run out."""
    page.evaluate(f"new Promise(done => setTimeout(done, {milliseconds}))")


def test_a_letter_is_a_shortcut_outside_fields_and_a_letter_inside(gallery: Any) -> None:
    gallery.keyboard.press("/")
    assert gallery.evaluate(FOCUSED) == "search"
    gallery.keyboard.type("?j")
    assert gallery.input_value("#search") == "?j"
    assert not gallery.evaluate("document.querySelector('#keys').open")


def test_single_letters_can_be_switched_off(gallery: Any) -> None:
    gallery.keyboard.press("?")
    gallery.uncheck("[data-keys-switch]")
    gallery.keyboard.press("Escape")
    gallery.keyboard.press("?")
    assert not gallery.evaluate("document.querySelector('#keys').open")
    gallery.keyboard.press("Control+k")
    assert gallery.evaluate("document.querySelector('#command').open")


def test_rows_are_walked_and_selected_by_keys(gallery: Any) -> None:
    for key in ("j", "x", "j", "j", "Shift+X", "k", "o"):
        gallery.keyboard.press(key)
    assert gallery.evaluate("[...document.querySelectorAll('[data-select]')].map(box => box.checked)") == [True] * 3
    assert gallery.url.endswith("#b")


def test_a_field_reports_typing_only_when_nothing_is_being_composed(gallery: Any) -> None:
    gallery.evaluate(COMPOSE)
    settle(gallery)
    assert gallery.evaluate("window.typed") == 0
    gallery.evaluate(
        "document.querySelector('#id_subject').dispatchEvent(new CompositionEvent('compositionend', {bubbles: true}))"
    )
    settle(gallery)
    assert gallery.evaluate("window.typed") == 1


def test_a_contact_is_found_and_taken_by_keyboard(gallery: Any) -> None:
    gallery.focus("#id_caller")
    gallery.keyboard.type("139")
    gallery.wait_for_selector("[role=option]")
    assert gallery.get_attribute("#id_caller", "aria-activedescendant") == "option-1"
    gallery.keyboard.press("ArrowDown")
    gallery.keyboard.press("Enter")
    assert gallery.input_value("#id_caller") == "Han"
    assert gallery.input_value("[name=caller_id]") == "2"
    gallery.keyboard.type("x")
    assert gallery.input_value("[name=caller_id]") == ""


def test_arrows_walk_the_matrix_as_it_looks(gallery: Any) -> None:
    gallery.focus("input[name=cell]:checked")
    seen = []
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowUp"):
        gallery.keyboard.press(key)
        seen.append(gallery.evaluate(CHECKED))
    assert seen == ["minor:high", "minor:medium", "minor:medium", "moderate:medium", "moderate:high", "moderate:high"]


def test_an_impossible_step_says_why(gallery: Any) -> None:
    gallery.focus(".blocked")
    gallery.keyboard.press("Enter")
    gallery.wait_for_selector("#announce:has-text('Write the plan first.')", state="attached")
    assert "refused" in gallery.get_attribute("#why-1", "class")


def test_a_dialog_gives_the_focus_back(gallery: Any) -> None:
    gallery.focus("[data-opens=ask]")
    gallery.keyboard.press("Enter")
    assert gallery.evaluate("document.querySelector('#ask').open")
    gallery.click("[data-closes] >> visible=true")
    assert gallery.evaluate("document.activeElement.dataset.opens") == "ask"


def test_a_form_is_sent_once(gallery: Any) -> None:
    sent: list[str] = []
    gallery.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    gallery.route("**/", lambda route: None)
    gallery.fill("#id_subject", "Twice")
    gallery.check("#id_channel_0")
    gallery.evaluate(
        "() => { const button = document.querySelector('#gallery .btn-primary'); button.click(); button.click(); }"
    )
    settle(gallery)
    assert len(sent) == 1
    assert gallery.inner_text("#gallery .btn-primary") == "Accepting…"


def test_what_was_typed_is_there_after_a_crash(gallery: Any) -> None:
    gallery.fill("#id_subject", "Not lost")
    gallery.wait_for_selector("[data-draft-state]:has-text('Draft saved')")
    gallery.reload()
    assert gallery.input_value("#id_subject") == "Not lost"
    gallery.click("[data-draft-state] button")
    gallery.reload()
    assert gallery.input_value("#id_subject") == ""


def test_signing_out_forgets_what_was_typed(gallery: Any) -> None:
    gallery.fill("#id_subject", "Private")
    gallery.wait_for_selector("[data-draft-state]:has-text('Draft saved')")
    gallery.evaluate(SIGN_OUT)
    gallery.reload()
    assert gallery.input_value("#id_subject") == ""


def test_after_a_mistake_the_focus_is_on_the_summary(gallery: Any) -> None:
    gallery.fill("#id_subject", "Long")
    gallery.evaluate("document.querySelector('#gallery').noValidate = true")
    gallery.click("[data-running]")
    gallery.wait_for_selector("[data-focus]")
    assert gallery.evaluate("document.activeElement.matches('[data-focus]')")


def test_time_left_goes_on_by_the_servers_time_and_turns_late(gallery: Any) -> None:
    words = "[...document.querySelectorAll('.clock-words')].map(one => one.textContent)"
    assert gallery.evaluate(words) == ["1 min left", "Paused, 1 min left"]
    # The machine's clock is set far ahead, which must not count; then two minutes pass.
    gallery.evaluate(TWO_MINUTES_LATER)
    gallery.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert gallery.evaluate(words) == ["under 1 min overdue", "Paused, 1 min left"]
    assert gallery.get_attribute("[data-clock] >> nth=0", "class") == "clock clock-row clock-breached"


def test_a_page_that_slept_asks_the_server_how_late_it_is(gallery: Any) -> None:
    words = "document.querySelector('.clock-words').textContent"
    gallery.evaluate(ASLEEP)
    gallery.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    settle(gallery)
    assert gallery.evaluate(words) == "1 min left"
    later = gallery.evaluate("Number(document.querySelector('[data-clock]').dataset.now) + 120")
    gallery.route("**/time/", lambda route: route.fulfill(json={"now": later}))
    gallery.evaluate("document.body.dataset.time = '/time/'")
    gallery.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    settle(gallery)
    assert gallery.evaluate(words) == "under 1 min overdue"


def test_on_a_phone_every_step_and_the_way_back_lie_behind_the_dots(gallery: Any) -> None:
    gallery.set_viewport_size({"width": 390, "height": 800})
    gallery.click(".action-bar summary")
    behind = gallery.locator(".action-bar .menu-list :is(a, button):visible").all_inner_texts()
    gallery.set_viewport_size({"width": 1280, "height": 800})
    beside = gallery.locator(".action-others > :is(a, form):visible").all_inner_texts()
    assert beside
    assert {text.strip() for text in beside} <= {text.strip() for text in behind}
    assert "Back to my desk" in [text.strip() for text in behind]
    assert gallery.locator(".action-bar .phone-only:visible").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1280])
def test_the_components_fit_and_are_accessible(gallery: Any, theme: str, width: int) -> None:
    gallery.emulate_media(color_scheme=theme)
    gallery.set_viewport_size({"width": width, "height": 800})
    gallery.reload()
    gallery.wait_for_load_state("networkidle")
    assert gallery.evaluate("document.documentElement.dataset.bsTheme") == theme
    assert gallery.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(gallery, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
