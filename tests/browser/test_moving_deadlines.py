"""A day becomes a day off: the administrator sets it, the head looks, applies it, and finds it on the record."""

from __future__ import annotations

from typing import Any

import pytest

from sla.models import Contract
from sla.queries import default_calendar
from tests.browser.people import PHONE
from tests.escalation.test_deadlines import TWO_DAYS, agree
from tests.firm import BANK_B
from tests.scenes import Scene

pytestmark = pytest.mark.browser


def test_a_day_off_moves_a_due_time_once_the_head_applies_it(office: Any) -> None:
    agree(Contract.objects.get(customer__code=BANK_B), targets={3: TWO_DAYS})
    declaration = Scene().in_progress()
    keeper, head = office.person("admin"), office.person("chenyuan")

    keeper.goes(f"/settings/calendars/{default_calendar().pk}/?year=2026")
    keeper.clicks_on("a.year-day[href*='2026-11-24']")
    keeper.page.locator("#day label:has([value='day_off'])").click()
    keeper.page.fill("#day [name=name]", "公司休息日")
    keeper.clicks_on("#day .btn-primary")
    assert "第 3 版" in keeper.reads("body")
    assert "公司休息日" in keeper.reads("aside.work-aside")

    head.goes("/settings/deadlines/")
    row = head.page.locator("#moves tbody tr", has_text=declaration.number)
    assert "推后 1 天" in row.inner_text()
    row.locator("[name=move]").check()
    head.clicks_on("#moves .btn-primary")
    assert "没有时限会变动" in head.reads()

    before = declaration.due_at
    declaration.refresh_from_db()
    assert (declaration.due_at - before).days == 1
    head.goes(f"/records/{declaration.number}/")
    line = head.page.locator(".timeline-entries > li, .entry", has_text="因日历或合同变更调整时限").first
    assert "陈予安" in line.inner_text()


def test_the_reasons_open_in_the_list_and_on_a_phone_without_script(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = office.person("liusiyuan")
    desk.goes("/records/")
    why = desk.page.locator("tr", has_text=declaration.number).locator("details.why")
    why.locator("summary").click()
    why.locator("ol").wait_for()
    assert "计入的时段" in why.inner_text()
    plain = office.person("liusiyuan", viewport={**PHONE, "width": 360}, java_script_enabled=False)
    plain.page.goto(f"/records/{declaration.number}/why/")
    assert "计入的时段" in plain.reads()
