"""From the team page: several records of a colleague go to another by the keyboard, and one is put off."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Role
from incidents.models import Declaration, Reminder, Watch
from tests.firm import CHEN_HEAD, LIU_DESK, WANG_DESK, person, stand_in
from tests.scenes import Scene

pytestmark = pytest.mark.browser


def test_a_head_gives_several_of_somebody_away_to_a_colleague(office: Any) -> None:
    records = [Scene().in_progress(), Scene().looked_up()]
    stand_in(Role.SERVICE_DESK, LIU_DESK, WANG_DESK)
    head = office.person(person(CHEN_HEAD).username)
    head.page.click(".tabs a[href='/team/']")
    head.page.wait_for_url("**/team/")
    assert person(WANG_DESK).name in head.page.inner_text(".team-away")
    head.clicks_on(f".team a[href='/team/{person(LIU_DESK).pk}/']")
    head.presses("j", "x", "j", "x")
    head.clicks_on(".bulk button:has-text('转给同事')")
    assert head.page.input_value("[data-people] [role=combobox]") == person(WANG_DESK).name
    head.page.fill("[name=reason]", "今天不在")
    head.presses("Control+Enter")
    head.page.wait_for_selector("[role=status] .outcomes")
    assert {each.handler for each in Declaration.objects.filter(pk__in=[one.pk for one in records])} == {
        person(WANG_DESK)
    }


def test_a_desk_takes_one_over_watches_it_and_puts_it_off(office: Any) -> None:
    record = Scene().in_progress("minor", "low")
    desk = office.person(person(WANG_DESK).username)
    desk.goes(f"/team/{person(LIU_DESK).pk}/")
    desk.presses("j", "x")
    desk.clicks_on(".bulk button[name=take]")
    desk.page.fill("[name=reason]", "刘思远今天不在")
    desk.presses("Control+Enter")
    desk.page.wait_for_selector("[role=status] .outcomes")
    assert Declaration.objects.get(pk=record.pk).handler == person(WANG_DESK)
    desk.goes(f"/records/{record.number}/")
    desk.clicks_on(".record-marks form[action$='/watch/'] button")
    assert Watch.objects.get().user == person(WANG_DESK)
    desk.presses("x")
    desk.page.wait_for_selector("#step [name=at]:focus")
    assert desk.page.locator(".action-bar").is_visible()
    desk.page.fill("[name=at]", "2026-11-23T11:00")
    desk.page.fill("[name=note]", "问批次号")
    with desk.page.expect_navigation():
        desk.presses("Control+Enter")
    assert Reminder.objects.get().note == "问批次号"
    desk.goes("/")
    desk.page.click("details.waiting:has-text('问批次号') > summary")
    desk.clicks_on("details.waiting button:has-text('取消提醒')")
    assert not Reminder.objects.exists()
