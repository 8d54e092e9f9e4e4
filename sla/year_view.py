"""A year of a calendar as twelve small months."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from sla import wording
from sla.arithmetic import WorkingCalendar
from sla.models import CalendarDay

# Letter in the corner of the day, and its meaning: told apart without colour.
LOOKS: Mapping[str, tuple[Promise | str, Promise]] = {
    "off": (pgettext_lazy("day", "off"), _("Day off")),
    "makeup": (pgettext_lazy("day", "work"), _("Make-up working day")),
    "special": (pgettext_lazy("day", "hours"), _("Other hours")),
    "work": ("", _("Working day")),
    "rest": ("", _("No work")),
}
# The heads of a month's columns, short and in full.
HEADS = tuple(
    zip(
        (
            pgettext_lazy("weekday", "Mo"),
            pgettext_lazy("weekday", "Tu"),
            pgettext_lazy("weekday", "We"),
            pgettext_lazy("weekday", "Th"),
            pgettext_lazy("weekday", "Fr"),
            pgettext_lazy("weekday", "Sa"),
            pgettext_lazy("weekday", "Su"),
        ),
        WEEKDAYS.values(),
        strict=True,
    )
)


@dataclass(frozen=True)
class Day:
    """One date; `label` is all of it in words."""

    date: date
    look: str
    mark: str
    label: str


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday; None outside of it."""

    name: str
    weeks: list[list[Day | None]]


def months(year: int, calendar: WorkingCalendar, special: Mapping[date, CalendarDay]) -> list[Month]:
    """The twelve months, `special` holding the dates that differ from the week."""
    return [Month(_name(year, month), _weeks(year, month, calendar, special)) for month in range(1, 13)]


@dataclass(frozen=True)
class Run:
    """Special days that follow each other and are alike."""

    first: date
    last: date
    kind: str
    name: str


def runs(special: Iterable[CalendarDay]) -> list[Run]:
    """The special days of a year, by date, those that belong together as one."""
    found: list[Run] = []
    for day in special:
        last = found[-1] if found else None
        if last and (last.kind, last.name, last.last + timedelta(days=1)) == (day.kind, day.name, day.date):
            found[-1] = replace(last, last=day.date)
        else:
            found.append(Run(day.date, day.date, day.kind, day.name))
    return found


def _name(year: int, month: int) -> str:
    # Translators: a date format of Django, the name of a month.
    return date_format(date(year, month, 1), pgettext("date format", "F"))


def _weeks(
    year: int, month: int, calendar: WorkingCalendar, special: Mapping[date, CalendarDay]
) -> list[list[Day | None]]:
    return [
        [_day(day, calendar, special.get(day)) if day.month == month else None for day in week]
        for week in Weeks().monthdatescalendar(year, month)
    ]


def _day(day: date, calendar: WorkingCalendar, differs: CalendarDay | None) -> Day:
    look = _look(day, calendar, differs)
    mark, meaning = LOOKS[look]
    hours = calendar.exceptions.get(day, calendar.weekly[day.weekday()])
    parts = [f"{day:%Y-%m-%d}", str(WEEKDAYS[day.weekday()]), str(meaning), differs.name if differs else ""]
    parts.append(wording.windows(hours) if hours else "")
    return Day(day, look, str(mark), pgettext("list", ", ").join(part for part in parts if part))


def _look(day: date, calendar: WorkingCalendar, differs: CalendarDay | None) -> str:
    weekly = calendar.weekly[day.weekday()]
    if differs is None:
        return "work" if weekly else "rest"
    if not differs.windows:
        return "off"
    return "special" if weekly else "makeup"
