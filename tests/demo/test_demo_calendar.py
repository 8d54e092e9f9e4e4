"""The holidays of the demonstration are those that were announced."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from accounts.actors import SYSTEM
from demo import data_path
from sla.actions import CalendarEntry, create_calendar, import_public_holidays, load_calendar_year
from sla.arithmetic import deadline
from sla.models import CalendarDay
from sla.queries import working_calendar
from tests.sla.conftest import EIGHT_HOURS, SHANGHAI, works_on

pytestmark = pytest.mark.django_db
KINDS = {"off_days": CalendarDay.Kind.DAY_OFF, "makeup_workdays": CalendarDay.Kind.MAKE_UP}


def test_the_dates_of_the_demonstration_agree_with_the_package() -> None:
    data = json.loads(data_path().read_text(encoding="utf-8"))["calendar"]
    entries = [
        CalendarEntry(date.fromisoformat(day["date"]), kind, day["name"])
        for key, kind in KINDS.items()
        for day in data[key]
    ]
    calendar = create_calendar("Demonstration", actor=SYSTEM, weekly=EIGHT_HOURS)
    load_calendar_year(calendar, 2026, entries, data["source"], actor=SYSTEM)
    imported = create_calendar("Imported", actor=SYSTEM, weekly=EIGHT_HOURS)
    import_public_holidays(imported, 2026, actor=SYSTEM)
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert [works_on(calendar, day) for day in days] == [works_on(imported, day) for day in days]
    start = datetime(2026, 9, 19, 10, tzinfo=SHANGHAI)
    assert deadline(start, timedelta(hours=4), working_calendar(calendar)) == start.replace(day=20, hour=14)
