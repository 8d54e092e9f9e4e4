"""When the firm of the demonstration works. Pure functions of the date: no query, no `now()`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sla.arithmetic import WorkingCalendar, deadline, elapsed
from sla.models import CalendarDay
from sla.queries.years import public_holidays

ZONE = "Asia/Shanghai"
CHINA = ZoneInfo(ZONE)
WINDOWS = ((540, 720), (810, 1080))
# Working days are numbered from here, so that what comes round comes round whenever the story was begun.
FIRST = date(2026, 1, 1)


def later(at: datetime, pause: timedelta) -> datetime:
    """The instant at which the firm has worked that long since `at`."""
    found = deadline(at, pause, _calendar(at.year))
    assert found is not None
    return found


def worked(since: datetime, until: datetime) -> float:
    """The minutes that the firm has worked between two instants."""
    return elapsed(since, until, _calendar(since.astimezone(CHINA).year)) / timedelta(minutes=1)


def is_working_day(day: date) -> bool:
    """Weekends, public holidays and days that are made up for them as the `holidays` package knows them."""
    return bool(_calendar(day.year).working_days(day, day))


@lru_cache(maxsize=4096)
def ordinal(day: date) -> int:
    """How many days the firm has worked before this one."""
    return _calendar(day.year).working_days(FIRST, day) if day.year == FIRST.year else _of_later_year(day)


def _of_later_year(day: date) -> int:
    return ordinal(date(day.year - 1, 12, 31)) + _calendar(day.year).working_days(date(day.year, 1, 1), day)


def next_with(day: date, numbered: int, every: int) -> date:
    """The first working day after this one whose number leaves that remainder."""
    found = day + timedelta(days=1)
    while not is_working_day(found) or ordinal(found) % every != numbered:
        found += timedelta(days=1)
    return found


def at_clock(day: date, minutes: float) -> datetime:
    """So many minutes of working time after the opening of a working day."""
    return later(datetime(day.year, day.month, day.day, 8, tzinfo=CHINA), timedelta(minutes=minutes))


@lru_cache(maxsize=32)
def _calendar(year: int) -> WorkingCalendar:
    special = [day for near in (year - 1, year, year + 1) for day in public_holidays(near).days]
    exceptions = {day.date: WINDOWS if day.kind == CalendarDay.Kind.MAKE_UP else () for day in special}
    return WorkingCalendar(ZONE, dict.fromkeys(range(5), WINDOWS), exceptions)
