"""Working calendars, read once a version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _

from ledger.exceptions import SettingMissing
from procedure.queries import in_force, rules
from sla.arithmetic import WorkingCalendar, day_end
from sla.models import Calendar, CalendarDay, CalendarVersion, Clock, Contract
from sla.queries.years import years_needed


def default_calendar() -> Calendar:
    """The calendar where no contract names one; one row by `calendar_one_default`.

    Raises `SettingMissing` where nobody has made one.
    """
    if found := Calendar.objects.filter(is_default=True).first():
        return found
    raise SettingMissing(
        _(
            "The desk has no default working calendar, and no contract names another one here. An administrator "
            "makes it with manage.py migrate and keeps it under Settings → Working calendars; then try again."
        ),
        clause="5.4.3",
    )


LARGEST_KEY = 2**31


def calendars() -> list[Calendar]:
    """Every calendar by name, the default first, with its version in force; one statement. A firm has a handful."""
    return list(Calendar.objects.select_related("current").order_by("-is_default", "name"))


def calendar(key: int) -> Calendar | None:
    """The calendar with that key; one statement."""
    return Calendar.objects.filter(pk=key).first() if key < LARGEST_KEY else None


def special_days(calendar: Calendar, year: int) -> list[CalendarDay]:
    """The dates of the year on which the weekly hours do not hold; one statement by `calendar_day_once`."""
    return list(calendar.days.filter(date__gte=date(year, 1, 1), date__lte=date(year, 12, 31)))


def missing_years(calendar: Calendar, on: date) -> list[int]:
    """The years that have to be planned on that day (parameter `calendar_alarm_from`) and are not, or provisionally."""
    month, day = (int(part) for part in rules(in_force(on).pk).parameter("calendar_alarm_from").split("-"))
    return unplanned_years(calendar, years_needed(on, (month, day)))


def calendar_of(contract: Contract | None) -> Calendar:
    """The contract's calendar, else the default; one row."""
    return (contract and contract.calendar) or default_calendar()


def working_calendar(calendar: Calendar) -> WorkingCalendar:
    """The calendar as it stands; one row by key at most once in a process for each version."""
    if calendar.current_id is None:
        raise SettingMissing(
            _("The working calendar %(name)s has no version yet. An administrator saves its hours under Settings.")
            % {"name": calendar.name},
            clause="5.4.3",
        )
    return _of_version(calendar.current_id)


def counted_by(clock: Clock) -> WorkingCalendar | None:
    """The calendar version that a clock was started or recomputed with; cost as `working_calendar`."""
    return _of_version(clock.calendar_version_id) if clock.calendar_version_id else None


def work_ends(at: datetime) -> datetime | None:
    """When the working day ends that runs or comes next, by the default calendar; None where there is none.

    One row, and one more once in a process for each version.
    """
    try:
        return day_end(at, working_calendar(default_calendar()))
    except (SettingMissing, OverflowError):
        return None


def unplanned_years(calendar: Calendar, years: Iterable[int]) -> list[int]:
    """Which of the years have no special days yet, or only provisional ones: due times there may still move."""
    return [year for year in years if calendar.years.get(str(year), {"provisional": True})["provisional"]]


# A version never changes and its key is never used again, not even after a roll-back, so it cannot grow stale.
@lru_cache(maxsize=256)
def _of_version(version_id: UUID) -> WorkingCalendar:
    return CalendarVersion.objects.get(pk=version_id).working_calendar()
