"""The calendar that a desk begins with."""

from __future__ import annotations

import structlog

from accounts.actors import SYSTEM, local_day
from base.clock import now
from ledger.actions import create
from procedure.queries import Rules, in_force, rules
from sla.actions.calendars import CLAUSE, publish
from sla.actions.years import take_year
from sla.hours import parse_windows
from sla.models import Calendar
from sla.queries.years import public_holidays

NAME = "标准工时"
log = structlog.get_logger(__name__)


def install_calendar() -> Calendar:
    """The default calendar; where there is none, it is made from the working hours that the procedure in force names,
    with the public holidays of this year and the next.

    A year whose make-up days are not known stands as provisional: administrators are reminded of it by the week
    (parameter `calendar_alarm_from`), and here the log says so.
    """
    if found := Calendar.objects.filter(is_default=True).first():
        return found
    today = local_day(now())
    calendar = Calendar(name=_free_name(), weekly=_weekly(rules(in_force(today).pk)), is_default=True)
    known = {year: public_holidays(year) for year in (today.year, today.year + 1)}
    with create(calendar, signature=SYSTEM.signature(), action="install_calendar", clause=CLAUSE) as begun:
        for year, found_year in known.items():
            take_year(begun, year, found_year.days, found_year.source, provisional=found_year.provisional)
        begun.note(provisional=[year for year, found_year in known.items() if found_year.provisional])
        publish(begun, number=1)
    for year in (year for year, found_year in known.items() if found_year.provisional):
        log.warning("calendar_year_provisional", calendar=calendar.name, year=year, source=known[year].source)
    return calendar


def _weekly(standing: Rules) -> dict[str, list[list[int]]]:
    hours = parse_windows(", ".join("-".join(window) for window in standing.parameter("working_hours")))
    workdays = standing.parameter("workdays")
    return {str(day): [list(window) for window in hours] if day in workdays else [] for day in range(7)}


def _free_name() -> str:
    """A desk may keep a calendar of that name which it never made the default."""
    taken = set(Calendar.objects.filter(name__startswith=NAME).values_list("name", flat=True))
    numbered = (f"{NAME} {count}" for count in range(2, len(taken) + 3))
    return next(name for name in (NAME, *numbered) if name not in taken)
