"""The list in the hands of somebody who works with many records at once."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from incidents.models import Declaration
from tests.browser.people import PHONE
from tests.firm import WANG_DESK
from tests.scenes import Scene

pytestmark = pytest.mark.browser


def test_records_are_ticked_by_keys_and_given_away_together(office: Any) -> None:
    scene = Scene()
    numbers = [scene.in_progress().number for _ in range(3)]
    desk = office.person("liusiyuan")
    desk.goes("/records/?sort=number")
    assert not desk.page.locator(".bulk").is_visible()
    desk.presses("j", "x", "j", "j", "Shift+X")
    assert desk.page.inner_text("[data-selected]") == "已选 3 件"
    desk.presses("Escape")
    assert not desk.page.locator(".bulk").is_visible()
    desk.page.check("[data-select-all]")
    desk.clicks_on(".bulk [formaction$='/reassign/']")
    desk.page.select_option("#id_to", WANG_DESK)
    desk.page.fill("#id_reason", "休假")
    desk.page.click("form[data-main] .btn-primary")
    desk.page.wait_for_selector("main:has-text('3 件已转给王晓舟')")
    assert {row.handler.name for row in Declaration.objects.filter(number__in=numbers)} == {"王晓舟"}


def test_what_is_ticked_leaves_as_a_workbook(office: Any) -> None:
    scene = Scene()
    _other, second = scene.accepted(), scene.accepted()
    desk = office.person("liusiyuan")
    desk.goes("/records/")
    desk.page.check(f"[data-select][value='{second.pk}']")
    with desk.page.expect_download() as download:
        desk.page.click(".bulk [formaction$='.xlsx']")
    sheet = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["编号", second.number]


def test_filters_are_kept_as_a_view_of_ones_own(office: Any) -> None:
    scene = Scene()
    scene.accepted(), scene.in_progress()
    desk = office.person("liusiyuan")
    desk.goes("/records/?state=accepted")
    desk.page.click(".views .menu > summary")
    desk.page.fill("#view-name", "刚受理的")
    desk.clicks_on(".views .menu-form .btn")
    assert desk.page.inner_text(".tabs [aria-current]").split() == ["刚受理的", "1"]
    desk.clicks_on(".views form.inline .btn")
    assert "刚受理的" not in desk.reads(".tabs")


def test_on_a_phone_the_filters_lie_in_a_sheet(office: Any) -> None:
    scene = Scene()
    accepted = scene.accepted()
    scene.in_progress()
    desk = office.person("liusiyuan", viewport=PHONE, has_touch=True, is_mobile=True)
    desk.goes("/records/")
    assert not desk.page.locator(".filter-menu").first.is_visible()
    desk.page.tap(".filter-sheet > summary")
    desk.page.check(".filter-sheet [value=accepted]")
    with desk.page.expect_navigation():
        desk.page.tap(".filter-sheet .btn-primary")
    assert [row.inner_text() for row in desk.page.locator(".cell-number").all()] == [accepted.number]


def test_brackets_walk_the_list_one_came_from(office: Any) -> None:
    numbers = [Scene().in_progress().number for _number in range(3)]
    desk = office.person("liusiyuan")
    desk.goes("/records/")
    listed = desk.page.eval_on_selector_all("[data-row] [data-open]", "all => all.map(one => one.pathname)")
    assert len(listed) == len(numbers)
    desk.page.click("[data-row] [data-open] >> nth=0")
    desk.page.wait_for_url(f"**{listed[0]}")
    desk.presses("]")
    desk.page.wait_for_url(f"**{listed[1]}")
    desk.presses("[")
    desk.page.wait_for_url(f"**{listed[0]}")
