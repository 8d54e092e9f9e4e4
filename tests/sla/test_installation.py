"""A desk that nobody has set up yet has a calendar, and says what it lacks where somebody took it away."""

from __future__ import annotations

from datetime import datetime

import pytest
from structlog.testing import capture_logs

from ledger.exceptions import SettingMissing
from ledger.models import Entry
from ledger.verification import compare
from sla.actions import install_calendar
from sla.models import Calendar
from sla.queries import default_calendar, working_calendar
from tests.databases import INSTALLED

pytestmark = pytest.mark.django_db
# What the package knows in full, and a year whose make-up days nobody can know yet.
KNOWN, FAR = "2025-06-01T09:00:00+08:00", "2090-06-01T09:00:00+08:00"


def without_calendars() -> None:
    Calendar.objects.update(is_default=False)


def test_the_migrations_leave_a_default_calendar_with_the_hours_of_the_procedure_and_its_entry():
    calendar = default_calendar()
    assert [calendar.weekly[str(day)] for day in (0, 4, 5, 6)] == [[[540, 720], [810, 1080]]] * 2 + [[]] * 2
    assert list(calendar.years) == [str(INSTALLED.year), str(INSTALLED.year + 1)]
    assert working_calendar(calendar).exceptions
    entry = Entry.objects.get(stream=calendar.stream)
    assert (entry.action, entry.actor, entry.sequence) == ("install_calendar", "system", 1)
    assert compare(calendar) is None


def test_installing_again_changes_nothing():
    before = Entry.objects.count()
    assert install_calendar() == default_calendar()
    assert Entry.objects.count() == before


def test_this_and_the_next_year_are_planned_and_one_without_make_up_days_is_told_as_provisional(clock):
    without_calendars()
    clock.set(datetime.fromisoformat(KNOWN))
    with capture_logs() as logs:
        calendar = install_calendar()
    assert {year: planned["provisional"] for year, planned in calendar.years.items()} == {"2025": False, "2026": False}
    assert logs == []
    without_calendars()
    clock.set(datetime.fromisoformat(FAR))
    with capture_logs() as logs:
        calendar = install_calendar()
    assert {year: planned["provisional"] for year, planned in calendar.years.items()} == {"2090": True, "2091": True}
    assert [(line["event"], line["year"]) for line in logs] == [
        ("calendar_year_provisional", 2090),
        ("calendar_year_provisional", 2091),
    ]


def test_a_calendar_of_the_same_name_that_is_not_the_default_is_left_alone(clock):
    without_calendars()
    first = Calendar.objects.get()
    second = install_calendar()
    assert (first.name, second.name) == ("标准工时", "标准工时 2")
    assert default_calendar() == second


def test_without_a_default_calendar_the_sentence_names_it_and_where_it_is_kept():
    without_calendars()
    with pytest.raises(SettingMissing, match=r"default working calendar.*Settings → Working calendars"):
        default_calendar()
