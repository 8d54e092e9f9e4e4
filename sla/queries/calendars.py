"""Working calendars, read once a version."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from sla.arithmetic import WorkingCalendar
from sla.models import Calendar, CalendarVersion, Clock, Contract


def default_calendar() -> Calendar:
    """The calendar where no contract names one; one row by `calendar_one_default`."""
    return Calendar.objects.get(is_default=True)


def calendars() -> list[Calendar]:
    """Every calendar by name, the default first, with its version in force; one statement. A firm has a handful."""
    return list(Calendar.objects.select_related("current").order_by("-is_default", "name"))


def calendar_of(contract: Contract | None) -> Calendar:
    """The contract's calendar, else the default; one row."""
    return (contract and contract.calendar) or default_calendar()


def working_calendar(calendar: Calendar) -> WorkingCalendar:
    """The calendar as it stands; one row by key at most once in a process for each version."""
    if calendar.current_id is None:
        raise ValueError(f"calendar {calendar} was never published")
    return _of_version(calendar.current_id)


def counted_by(clock: Clock) -> WorkingCalendar | None:
    """The calendar version that a clock was started or recomputed with; cost as `working_calendar`."""
    return _of_version(clock.calendar_version_id) if clock.calendar_version_id else None


def unplanned_years(calendar: Calendar, years: Iterable[int]) -> list[int]:
    """Which of the years have no special days yet, or only provisional ones: due times there may still move."""
    return [year for year in years if calendar.years.get(str(year), {"provisional": True})["provisional"]]


# A version never changes and its key is never used again, not even after a roll-back, so it cannot grow stale.
@lru_cache(maxsize=256)
def _of_version(version_id: UUID) -> WorkingCalendar:
    return CalendarVersion.objects.get(pk=version_id).working_calendar()
