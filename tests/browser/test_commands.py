"""The palette (Ctrl K) by keys alone: records, the steps of the record whose page it is, and pages."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import State, Watch
from tests.browser.people import Person
from tests.scenes import Scene

pytestmark = pytest.mark.browser


def asks(desk: Person, text: str) -> None:
    desk.presses("Control+k")
    desk.types(text)
    # What was typed is looked for 150 ms after the last stroke.
    desk.page.wait_for_timeout(200)


def test_a_press_is_one_command(office: Any) -> None:
    declaration = Scene().looked_up()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/")
    asks(desk, "开始处理")
    desk.presses("Enter")
    desk.page.wait_for_selector(".toast-line")
    declaration.refresh_from_db()
    assert declaration.state == State.IN_PROGRESS
    asks(desk, "关注")
    desk.presses("Enter")
    desk.page.wait_for_url(f"**/records/{declaration.number}/")
    assert Watch.objects.filter(declaration=declaration).exists()


def test_arrows_walk_what_can_be_chosen_and_one_escape_closes(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/")
    asks(desk, "告知")
    desk.presses("ArrowDown")
    assert "告知" in desk.page.evaluate("document.activeElement.textContent")
    desk.presses("ArrowUp")
    desk.presses("Escape")
    assert not desk.page.locator("#command[open]").count()
    desk.presses("Control+k")
    assert desk.page.input_value("#command [name=q]") == "告知"


def test_enter_opens_the_record_that_fits(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = office.person("liusiyuan")
    desk.goes("/")
    desk.presses("Control+k")
    desk.types(declaration.number)
    desk.page.wait_for_selector(f"#command-records a[href='/records/{declaration.number}/']")
    desk.presses("Enter")
    desk.page.wait_for_url(f"**/records/{declaration.number}/")


def test_what_logs_a_call_is_not_taken_where_a_page_fits(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/")
    desk.presses("Control+k")
    desk.types("知识库")
    desk.page.wait_for_selector("#command-records [data-otherwise]")
    desk.presses("Enter")
    desk.page.wait_for_url("**/knowledge/**")


def test_the_sheet_of_keys_opens_and_closes_by_its_key_and_switches_nothing(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/")
    desk.presses("?")
    desk.page.wait_for_selector("#keys[open]")
    assert desk.page.evaluate("document.activeElement.matches('#keys [data-closes]')")
    desk.presses("?")
    assert not desk.page.locator("#keys[open]").count()
