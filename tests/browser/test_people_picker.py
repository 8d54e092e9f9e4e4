"""Choosing colleagues with the keyboard alone: by first letters, alone and several, in a panel and on a page."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Role
from base.initials import letters_of
from incidents.models import Declaration, Visit
from tests.browser.people import PHONE
from tests.firm import LIU_DESK, WANG_DESK, person, stand_in
from tests.scenes import Scene

pytestmark = pytest.mark.browser


def letters(number: str) -> str:
    return letters_of(person(number).name).split()[1]


def test_a_record_is_given_away_by_the_first_letters_of_a_name(office: Any) -> None:
    record = Scene().in_progress()
    desk = office.person(person(LIU_DESK).username, viewport=PHONE)
    desk.goes(f"/records/{record.number}/do/reassign/")
    desk.page.focus("[data-people] [role=combobox]")
    desk.types(letters(WANG_DESK))
    shown = desk.page.locator("[data-people] [role=option]")
    shown.first.wait_for()
    assert person(WANG_DESK).name in shown.first.inner_text()
    desk.presses("Enter")
    assert desk.page.input_value("[data-people] [role=combobox]") == person(WANG_DESK).name
    assert desk.page.input_value("select[name=to]") == WANG_DESK
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.page.fill("[name=reason]", "休假")
    with desk.page.expect_navigation():
        desk.presses("Control+Enter")
    assert Declaration.objects.get(pk=record.pk).handler == person(WANG_DESK)


def test_whoever_stands_in_for_the_handler_is_chosen_already(office: Any) -> None:
    record = Scene().in_progress()
    stand_in(Role.SERVICE_DESK, LIU_DESK, WANG_DESK)
    desk = office.person(person(LIU_DESK).username)
    desk.goes(f"/records/{record.number}/do/reassign/")
    assert desk.page.input_value("[data-people] [role=combobox]") == person(WANG_DESK).name
    desk.page.click("[data-people] [role=combobox]")
    desk.page.wait_for_selector("[data-people] [role=option]")
    desk.presses("Escape")
    assert desk.page.locator("[data-people] [role=listbox]").is_hidden()
    assert desk.page.input_value("select[name=to]") == WANG_DESK


def test_several_are_chosen_and_taken_away_and_others_typed(office: Any) -> None:
    record = Scene().in_progress()
    desk = office.person(person(LIU_DESK).username)
    desk.goes(f"/records/{record.number}/do/record_visit/")
    desk.page.focus("[data-people] [role=combobox]")
    for number in (WANG_DESK, LIU_DESK, WANG_DESK):
        desk.types(number.lower())
        desk.page.wait_for_timeout(50)
        desk.presses("Enter")
    desk.presses("Control+a", "Backspace", "Backspace")
    assert desk.page.locator(".people-chips li").count() == 1
    desk.page.fill("textarea[name=who]", "供应商 王工")
    desk.page.fill("[name=place]", "清分中心")
    desk.page.fill("[name=arrival]", "2026-11-23T09:00")
    desk.page.wait_for_timeout(500)
    desk.page.reload()
    desk.page.wait_for_selector(".people-chips li")
    assert desk.page.locator(".people-chips li").count() == 1
    with desk.page.expect_navigation():
        desk.presses("Control+Enter")
    assert len(Visit.objects.get(declaration=record).who) == 2
    assert "供应商 王工" in Visit.objects.get(declaration=record).who


def test_without_script_it_is_a_plain_list_in_groups(office: Any) -> None:
    record = Scene().in_progress()
    desk = office.person(person(LIU_DESK).username, java_script_enabled=False)
    desk.page.goto(f"/records/{record.number}/do/reassign/")
    assert desk.page.locator("select[name=to] optgroup").count() >= 2
    desk.page.select_option("select[name=to]", WANG_DESK)
    desk.page.fill("[name=reason]", "休假")
    desk.page.click("form[data-main] .btn-primary, .step-form .btn-primary")
    assert Declaration.objects.get(pk=record.pk).handler == person(WANG_DESK)
