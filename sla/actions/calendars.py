"""Calendars and their years. Every change makes a new version; running clocks keep theirs until they are recomputed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import holidays
from django.core.exceptions import ValidationError

from accounts.acting import Actor
from ledger.actions import Step, create, step
from ledger.exceptions import Invalid
from sla.arithmetic import WorkingCalendar
from sla.models import Calendar, CalendarDay, CalendarVersion
from sla.working_time import Window

CLAUSE = "5.4.3"
COUNTRY = "CN"
Weekly = Mapping[int, Sequence[Window]]


@dataclass(frozen=True)
class CalendarEntry:
    """A date that differs: a day off, or a make-up day with the hours of a normal working day."""

    date: date
    kind: CalendarDay.Kind
    name: str = ""


def create_calendar(
    name: str, *, actor: Actor, weekly: Weekly, timezone: str = "Asia/Shanghai", default: bool = False
) -> Calendar:
    """Enter a calendar, `weekly` as `WorkingCalendar` takes it. Raises `Invalid` if nobody could ever work by it."""
    windows = {str(weekday): [list(window) for window in day] for weekday, day in weekly.items()}
    calendar = Calendar(name=name, timezone=timezone, weekly=windows, is_default=default)
    _refuse_unusable(calendar)
    with create(calendar, signature=actor.signature(), action="create_calendar", clause=CLAUSE) as begun:
        _publish(begun, number=1)
    return calendar


def load_calendar_year(
    calendar: Calendar,
    year: int,
    days: Iterable[CalendarEntry],
    source: str,
    *,
    actor: Actor,
    provisional: bool = False,
) -> Calendar:
    """Replace the special days of a year by `days`. Loading the same again changes nothing.

    Clocks that run keep the version that they were started with: see `recompute_open_clocks`. Raises `ValueError` for a
    date outside the year.
    """
    wanted = {entry.date: entry for entry in days}
    if any(day.year != year for day in wanted):
        raise ValueError(f"all days must lie in {year}")
    planned = {"source": source, "provisional": provisional}
    if calendar.years.get(str(year)) == planned and _as_entries(calendar, year) == wanted:
        return calendar
    with step(
        Calendar, calendar.pk, version=None, signature=actor.signature(), action="load_calendar_year", clause=CLAUSE
    ) as taken:
        taken.note(year=year, source=source, days={day: entry.kind for day, entry in wanted.items()})
        taken.record.years = {**taken.record.years, str(year): planned}
        _replace_days(taken.record, year, wanted.values(), source)
        _publish(taken, number=taken.record.version + 1)
    calendar.refresh_from_db()
    return calendar


def import_public_holidays(calendar: Calendar, year: int, *, actor: Actor) -> Calendar:
    """Take the year's public holidays and make-up days from the `holidays` package.

    The State Council publishes them around November for the year that follows. A year for which the package knows no
    make-up day is marked provisional.
    """
    known = holidays.country_holidays(COUNTRY, years=year, language="zh_CN")
    off = [CalendarEntry(day, CalendarDay.Kind.DAY_OFF, name) for day, name in known.items()]
    made_up = [CalendarEntry(day, CalendarDay.Kind.MAKE_UP) for day in known.weekend_workdays if day.year == year]
    source = f"holidays {holidays.__version__}"
    return load_calendar_year(calendar, year, [*off, *made_up], source, actor=actor, provisional=not made_up)


def _as_entries(calendar: Calendar, year: int) -> dict[date, CalendarEntry]:
    return {
        day.date: CalendarEntry(day.date, CalendarDay.Kind(day.kind), day.name)
        for day in calendar.days.filter(date__year=year)
    }


def _replace_days(calendar: Calendar, year: int, entries: Iterable[CalendarEntry], source: str) -> None:
    hours = _normal_day(calendar)
    calendar.days.filter(date__year=year).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(
            calendar=calendar,
            date=entry.date,
            kind=entry.kind,
            windows=hours if entry.kind == CalendarDay.Kind.MAKE_UP else [],
            name=entry.name,
            source=source,
        )
        for entry in entries
    )


def _normal_day(calendar: Calendar) -> list[list[int]]:
    week = {int(weekday): windows for weekday, windows in calendar.weekly.items()}
    return [list(window) for window in WorkingCalendar(calendar.timezone, week).day_windows]


def _publish(taken: Step[Calendar], *, number: int) -> None:
    """Freeze the calendar as the step leaves it into a version that clocks can count by."""
    calendar = taken.record
    calendar.current = taken.add(
        CalendarVersion(
            calendar=calendar,
            number=number,
            timezone=calendar.timezone,
            weekly=calendar.weekly,
            exceptions={day.date.isoformat(): day.windows for day in calendar.days.all()},
        )
    )


def _refuse_unusable(calendar: Calendar) -> None:
    try:
        calendar.clean()
    except ValidationError as error:
        raise Invalid(errors=error.message_dict) from error
