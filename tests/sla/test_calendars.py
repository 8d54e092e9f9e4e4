"""Calendars that people keep, and the years that the State Council publishes."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import override

from accounts.actors import SYSTEM
from ledger.exceptions import Invalid, SettingMissing
from ledger.models import Entry
from sla.actions import CalendarEntry, create_calendar, import_public_holidays, load_calendar_year, set_calendar_day
from sla.arithmetic import deadline
from sla.models import Calendar, CalendarDay, CalendarVersion, ClockEvent, ContractTarget, LearntExperience
from sla.queries import (
    calendar_of,
    default_calendar,
    public_holidays,
    unplanned_years,
    work_ends,
    working_calendar,
)
from sla.wording import week as worded_week
from sla.working_time import WorkingCalendar
from tests.sla.conftest import EIGHT_HOURS, march, works_on

pytestmark = pytest.mark.django_db
OFF, MAKE_UP = CalendarDay.Kind.DAY_OFF, CalendarDay.Kind.MAKE_UP
SUNDAY_OFF_MONDAY = [CalendarEntry(date(2026, 3, 8), MAKE_UP, "调休"), CalendarEntry(date(2026, 3, 9), OFF, "节日")]


def test_a_calendar_without_working_time_is_refused_when_saved(db):
    before = Calendar.objects.count()
    for weekly in ({}, {0: []}, {0: [(600, 600)]}, {0: [(540, 720), (700, 800)]}):
        with pytest.raises(Invalid) as refusal:
            create_calendar("Empty", actor=SYSTEM, weekly=weekly)
        assert "weekly" in refusal.value.errors
    with pytest.raises(Invalid):
        create_calendar("Nowhere", actor=SYSTEM, weekly=EIGHT_HOURS, timezone="Asia/Atlantis")
    assert Calendar.objects.count() == before
    for weekly in ([], {"x": []}, {"0": ["ab"]}):
        with pytest.raises(ValidationError):
            Calendar(name="Odd", weekly=weekly).clean()


def test_there_is_one_default_calendar(calendar):
    assert default_calendar() == calendar_of(None) == calendar
    with pytest.raises(IntegrityError), transaction.atomic():
        create_calendar("Another", actor=SYSTEM, weekly=EIGHT_HOURS, default=True)


def test_the_working_day_ends_by_the_default_calendar_where_there_is_one(calendar):
    assert work_ends(march(6, 12)) == march(6, 18)
    Calendar.objects.update(is_default=False)
    assert work_ends(march(6, 12)) is None


def test_a_year_brings_days_off_and_make_up_days_with_normal_hours(calendar):
    assert deadline(march(6, 17), timedelta(hours=2), working_calendar(calendar)) == march(9, 10)
    load_calendar_year(calendar, 2026, SUNDAY_OFF_MONDAY, "notice", actor=SYSTEM)
    assert deadline(march(6, 17), timedelta(hours=2), working_calendar(calendar)) == march(8, 10)
    assert deadline(march(8, 17), timedelta(hours=2), working_calendar(calendar)) == march(10, 10)
    assert [day.source for day in calendar.days.all()] == ["notice", "notice"]


def test_loading_a_year_again_changes_nothing_and_loading_another_list_replaces_it(calendar):
    load_calendar_year(calendar, 2026, SUNDAY_OFF_MONDAY, "notice", actor=SYSTEM)
    before = (calendar.version, calendar.current_id, Entry.objects.count())
    load_calendar_year(calendar, 2026, reversed(SUNDAY_OFF_MONDAY), "notice", actor=SYSTEM)
    assert (calendar.version, calendar.current_id, Entry.objects.count()) == before
    next_year = [CalendarEntry(date(2027, 1, 1), OFF, "元旦")]
    load_calendar_year(calendar, 2027, next_year, "notice", actor=SYSTEM)
    load_calendar_year(calendar, 2026, SUNDAY_OFF_MONDAY[1:], "correction", actor=SYSTEM)
    assert [day.date for day in calendar.days.all()] == [date(2026, 3, 9), date(2027, 1, 1)]
    assert calendar.version == 4


def test_setting_a_day_that_is_set_already_changes_nothing(calendar):
    day = date(2026, 3, 9)
    changed = set_calendar_day(calendar, day, OFF, actor=SYSTEM, version=calendar.version, name="节日")
    again = set_calendar_day(changed, day, OFF, actor=SYSTEM, version=changed.version, name="节日")
    assert again.version == changed.version == 2
    assert Entry.objects.filter(action="set_calendar_day").count() == 1


def test_a_calendar_that_was_never_saved_says_what_to_do(db):
    with pytest.raises(SettingMissing, match=r"Half a calendar.*administrator"):
        working_calendar(Calendar(name="Half a calendar"))


def test_a_week_is_worded_with_days_of_the_same_hours_as_one(calendar):
    week = {**EIGHT_HOURS, 5: [(540, 720)]}
    with override("en"):
        assert [days for days, _hours in worded_week(WorkingCalendar("Asia/Shanghai", week))] == [
            "Mon–Fri",
            "Sat",
            "Sun",
        ]


def test_rows_say_what_they_are():
    rows = (
        CalendarDay(date=date(2026, 10, 1), name="国庆节"),
        CalendarVersion(calendar_id=3, number=2),
        ClockEvent(clock_id=7, sequence=1, kind="pause"),
        ContractTarget(contract_id=4, level=1),
        LearntExperience(kind="category:5"),
    )
    assert [str(row) for row in rows] == ["2026-10-01 国庆节", "3 v2", "7 #1 pause", "4: 1", "category:5"]


def test_days_of_another_year_are_refused(calendar):
    with pytest.raises(ValueError, match="2027"):
        load_calendar_year(calendar, 2027, SUNDAY_OFF_MONDAY, "notice", actor=SYSTEM)


def test_every_change_leaves_a_version_that_never_changes(calendar):
    first = calendar.current
    load_calendar_year(calendar, 2026, SUNDAY_OFF_MONDAY, "notice", actor=SYSTEM)
    versions = calendar.versions.order_by("number")
    assert [version.number for version in versions] == [1, 2]
    assert versions[1] == calendar.current
    assert first.working_calendar().exceptions == {}
    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarVersion.objects.filter(pk=first.pk).update(weekly={})
    assert Entry.objects.filter(stream=calendar.stream).count() == 2


def test_a_calendar_is_read_once_in_a_process(calendar, count_queries):
    working_calendar(calendar)
    assert count_queries(lambda: working_calendar(calendar)) == 0


def test_the_published_year_2026_from_the_package_is_that_of_the_notice(calendar):
    import_public_holidays(calendar, 2026, actor=SYSTEM)
    assert calendar.years["2026"]["provisional"] is False
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert [works_on(calendar, day) for day in days] == [chinese_calendar.is_workday(day) for day in days]
    assert calendar.days.get(date=date(2026, 1, 1)).name == "元旦"


def test_a_year_without_make_up_days_is_provisional(calendar):
    import_public_holidays(calendar, 2026, actor=SYSTEM)
    import_public_holidays(calendar, 2035, actor=SYSTEM)
    assert calendar.years["2035"]["provisional"] is True
    assert calendar.days.filter(date__year=2035, kind=OFF).exists()
    assert unplanned_years(calendar, [2026, 2034, 2035]) == [2034, 2035]


def test_what_the_package_knows_is_worked_out_once_and_cannot_be_changed() -> None:
    known = public_holidays(2026)
    assert public_holidays(2026) is known
    assert isinstance(known.days, tuple)
    assert {entry.date.year for entry in known.days} == {2026}
