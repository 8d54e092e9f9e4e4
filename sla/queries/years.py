"""The special days of a year: what stands, what the package knows, and how both differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from django.db.models import Q

from sla.models import Calendar, CalendarDay
from sla.year_files import CalendarEntry

COUNTRY = "CN"


@dataclass(frozen=True)
class KnownYear:
    """What a source says of a year; provisional without make-up days, which are published last."""

    days: tuple[CalendarEntry, ...]
    source: str

    @property
    def provisional(self) -> bool:
        return not any(entry.kind == CalendarDay.Kind.MAKE_UP for entry in self.days)


@dataclass(frozen=True)
class Difference:
    """A date on which two lists differ; None where one of them leaves it to the week."""

    date: date
    before: CalendarEntry | None
    after: CalendarEntry | None


@lru_cache(maxsize=64)
def public_holidays(year: int) -> KnownYear:
    """The public holidays and make-up days of China that the `holidays` package knows; no query, worked out once."""
    known = holidays.country_holidays(COUNTRY, years=year, language="zh_CN")
    off = [CalendarEntry(day, CalendarDay.Kind.DAY_OFF, name) for day, name in known.items()]
    # The package lists the make-up days of every New Year, also those that fall into the December before it.
    near = [day for day in known.weekend_workdays if date(year - 1, 12, 1) <= day < date(year, 12, 1)]
    made_up = [CalendarEntry(day, CalendarDay.Kind.MAKE_UP) for day in near]
    return KnownYear((*off, *made_up), f"holidays {holidays.__version__}")


def entries_of(calendar: Calendar, year: int, beside: Iterable[date] = ()) -> dict[date, CalendarEntry]:
    """The special days of the year, and those of other dates, as they stand; one query by `calendar_day_once`."""
    of_year = Q(date__gte=date(year, 1, 1), date__lte=date(year, 12, 31))
    return {
        day.date: CalendarEntry(day.date, CalendarDay.Kind(day.kind), day.name)
        for day in calendar.days.filter(of_year | Q(date__in=[day for day in beside if day.year != year]))
    }


def differences(calendar: Calendar, year: int, entries: Iterable[CalendarEntry]) -> list[Difference]:
    """What loading `entries` would change in the year and beside it, by date; one query."""
    after = {entry.date: entry for entry in entries}
    before = entries_of(calendar, year, after)
    return [
        Difference(day, before.get(day), after.get(day))
        for day in sorted(before.keys() | after.keys())
        if before.get(day) != after.get(day)
    ]


def years_needed(on: date, alarm_from: tuple[int, int]) -> list[int]:
    """The years that must be planned on that day: its own, and from the day `alarm_from` (month, day) the next."""
    return [on.year, on.year + 1] if (on.month, on.day) >= alarm_from else [on.year]
