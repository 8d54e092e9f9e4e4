"""The steps of a record: in place, with what was typed kept, and one leading on to the next."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import Declaration, State
from tests.browser.people import PHONE, Person
from tests.scenes import Scene

pytestmark = pytest.mark.browser
# From the call to the closed record, where the customer agrees on the line.
PAGES = 4


def field(desk: Person) -> str:
    return str(desk.page.evaluate("document.activeElement.name || document.activeElement.tagName"))


def opens(desk: Person, key: str, verb: str) -> None:
    desk.presses(key)
    desk.page.wait_for_url(f"**/do/{verb}/")
    desk.page.wait_for_selector(f"#step form[action$='/do/{verb}/']")


def test_a_form_opens_in_place_and_what_was_typed_is_kept_when_it_is_put_away(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/")
    opens(desk, "c", "communicate")
    assert desk.page.locator("#timeline").count() == 1
    assert field(desk) == "text"
    desk.types("半截话")
    desk.presses("Escape")
    assert desk.page.url.endswith(f"/records/{declaration.number}/")
    assert not desk.page.locator("#step").count()
    opens(desk, "c", "communicate")
    assert desk.page.input_value("#step [name=text]") == "半截话"
    desk.page.go_back()
    desk.page.wait_for_selector("#step", state="detached")
    desk.page.go_forward()
    desk.page.wait_for_selector("#step")
    assert desk.page.input_value("#step [name=text]") == "半截话"


def test_after_a_refusal_the_focus_stands_on_the_mistake_and_the_record_stays(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/")
    opens(desk, ".", "log_handling")
    desk.presses("Control+Enter")
    desk.page.wait_for_selector("#step [aria-invalid=true]")
    assert field(desk) == "what"
    assert desk.page.locator("#timeline").count() == 1


def test_on_a_phone_a_step_is_a_page_with_a_way_back(office: Any) -> None:
    declaration = Scene().in_progress()
    phone = office.person("liusiyuan", viewport=PHONE, has_touch=True, is_mobile=True)
    phone.goes(f"/records/{declaration.number}/")
    phone.clicks_on(".action-bar .btn-primary")
    assert phone.page.url.endswith("/do/log_handling/")
    phone.clicks_on(f"#step a[href='/records/{declaration.number}/']")
    assert phone.page.locator(".stepper").count() == 1


def test_every_step_in_sight_has_a_letter_of_its_own(office: Any) -> None:
    desk = office.person("liusiyuan")
    for state in ("accepted", "screened", "classified", "in_progress", "waiting", "resolved"):
        declaration = getattr(Scene(), state)()
        desk.goes(f"/records/{declaration.number}/")
        shown = desk.page.locator(".action-bar .btn:visible:not(summary)")
        keys = [one.get_attribute("data-key") for one in shown.all()]
        assert all(keys), (state, keys)
        assert len(set(keys)) == len(keys), (state, keys)


def test_a_minor_incident_that_the_customer_agrees_to_is_closed_on_four_pages(
    office: Any, record_property: Any
) -> None:
    desk = office.person("liusiyuan")
    pages: list[str] = []
    desk.page.on("load", lambda page: pages.append(page.url))
    desk.clicks_on("a[href='/register/'].top-primary")
    desk.names_caller("2001")
    desk.page.fill("#id_subject", "封装机标签错位")
    desk.page.fill("#id_body", "标签错位，不影响投递。")
    with desk.page.expect_navigation():
        desk.presses("Control+Shift+Enter")
    desk.page.wait_for_selector("#step [name=valid]:focus")
    desk.presses("1", "1", "1")
    with desk.page.expect_navigation():
        desk.presses("Control+Shift+Enter")
    desk.page.wait_for_selector("#step .leaves-filter:focus")
    desk.picks("[name=leaf][value=EQP-03]")
    desk.picks("[name=cell][value='minor:low']")
    desk.picks("[name=adopted][value=none]")
    desk.fills(reason="没有同类处置", solution="电话里指导重新校准，标签已对齐")
    desk.picks("[name=agreed]")
    desk.sends()
    desk.page.wait_for_load_state()
    record_property("pages", len(pages))
    declaration = Declaration.objects.get()
    assert (declaration.state, declaration.priority) == (State.CLOSED, 4)
    assert len(pages) <= PAGES, pages


def test_from_a_record_that_waits_for_others_one_goes_on_to_the_next_of_the_desk(office: Any) -> None:
    scene = Scene()
    waiting, other = scene.handed_over(), scene.screened()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{waiting.number}/")
    with desk.page.expect_navigation():
        desk.presses(".")
    assert desk.page.url.endswith(f"/records/{other.number}/do/classify/")


def test_what_was_typed_on_the_page_of_a_step_is_there_again_after_going_back(office: Any) -> None:
    declaration = Scene().in_progress()
    phone = office.person("liusiyuan", viewport=PHONE, has_touch=True, is_mobile=True)
    step = f"/records/{declaration.number}/do/log_handling/"
    phone.goes(f"/records/{declaration.number}/")
    phone.goes(step)
    phone.page.fill("#step [name=what]", "半截措施")
    phone.page.go_back()
    phone.goes(step)
    assert phone.page.input_value("#step [name=what]") == "半截措施"


def test_what_has_the_focus_stands_clear_of_the_sticky_bar(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/")
    desk.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    opens(desk, "s", "reassign")
    desk.page.wait_for_timeout(300)
    bar = desk.page.locator(".action-bar").bounding_box()
    heading = desk.page.locator("#step h2").first.bounding_box()
    assert heading["y"] >= bar["y"] + bar["height"]
    desk.presses("Control+Enter")
    desk.page.wait_for_selector("#step [aria-invalid=true]")
    desk.page.wait_for_timeout(300)
    focused = desk.page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert focused >= bar["y"] + bar["height"]


def test_enter_takes_a_cell_of_the_matrix_and_sends_nothing(office: Any) -> None:
    declaration = Scene().screened()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/do/classify/")
    desk.page.focus("[data-matrix] input[type=radio] >> nth=0")
    desk.presses("Enter")
    assert desk.page.is_checked("[data-matrix] input[type=radio] >> nth=0")
    assert not desk.page.locator("#step [aria-invalid=true]").count()
