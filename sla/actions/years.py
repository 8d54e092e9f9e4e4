"""The days of a year on which the weekly hours do not hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actors import Actor
from ledger.actions import RecordChange
from ledger.exceptions import NotPossible
from sla.actions.calendars import changing, normal_day, publish
from sla.models import Calendar, CalendarDay
from sla.queries.years import differences, entries_of, public_holidays
from sla.working_time import Window
from sla.year_files import CalendarEntry, require_near

BY_HAND = "by hand"


def load_calendar_year(
    calendar: Calendar,
    year: int,
    days: Iterable[CalendarEntry],
    source: str,
    *,
    actor: Actor,
    provisional: bool = False,
    version: int | None = None,
) -> Calendar:
    """Replace the special days of a year by `days`. Loading the same again changes nothing.

    A day of a neighbouring year, which the notice of this one moves too, is set there and leaves that year's others as
    they are. Clocks that run keep the version that they were started with. Raises `ValueError` for any other date.
    """
    wanted = {entry.date: entry for entry in days}
    for day in wanted:
        require_near(day, year)
    planned = {"source": source, "provisional": provisional}
    if calendar.years.get(str(year)) == planned and not differences(calendar, year, wanted.values()):
        return calendar
    with changing(calendar.pk, "load_calendar_year", actor=actor, version=version) as taken:
        taken.note(year=year, source=source, days={day: entry.kind for day, entry in wanted.items()})
        take_year(taken, year, wanted.values(), source, provisional=provisional)
        publish(taken, number=taken.record.version + 1)
    calendar.refresh_from_db()
    return calendar


def import_public_holidays(calendar: Calendar, year: int, *, actor: Actor, version: int | None = None) -> Calendar:
    """Take the year's public holidays and make-up days from the `holidays` package.

    The State Council publishes them around November for the year that follows. A year for which the package knows no
    make-up day is marked provisional.
    """
    known = public_holidays(year)
    return load_calendar_year(
        calendar, year, known.days, known.source, actor=actor, provisional=known.provisional, version=version
    )


def set_calendar_day(
    calendar: Calendar,
    day: date,
    kind: CalendarDay.Kind | None,
    *,
    actor: Actor,
    version: int | None,
    windows: Sequence[Window] = (),
    name: str = "",
) -> Calendar:
    """Make one date a day off, or a working day with `windows` (those of a normal day without any).

    Without a kind the weekly hours hold again. Setting what is set already changes nothing.
    """
    standing = calendar.days.filter(date=day).first()
    hours = [list(window) for window in windows] or normal_day(calendar)
    wanted = (kind, hours if kind == CalendarDay.Kind.MAKE_UP else [], name) if kind else None
    if version in (None, calendar.version) and _told(standing) == wanted:
        return calendar
    with changing(calendar.pk, "set_calendar_day", actor=actor, version=version) as taken:
        taken.note(day=day, before=_told(standing), after=wanted)
        taken.remove(*calendar.days.filter(date=day))
        if wanted:
            taken.add(
                CalendarDay(calendar=calendar, date=day, kind=wanted[0], windows=wanted[1], name=name, source=BY_HAND)
            )
        publish(taken, number=taken.record.version + 1)
    calendar.refresh_from_db()
    return calendar


def confirm_calendar_year(calendar: Calendar, year: int, *, actor: Actor, version: int | None) -> Calendar:
    """The days of a year that stood as provisional, or were entered one by one, are the final ones."""
    with changing(calendar.pk, "confirm_calendar_year", actor=actor, version=version) as taken:
        if not entries_of(taken.record, year):
            raise NotPossible(_("%(year)d has no day yet. Import the year, or enter its days.") % {"year": year})
        source = taken.record.years.get(str(year), {}).get("source", BY_HAND)
        taken.note(year=year)
        taken.record.years = {**taken.record.years, str(year): {"source": source, "provisional": False}}
        publish(taken, number=taken.record.version + 1)
    calendar.refresh_from_db()
    return calendar


def take_year(
    taken: RecordChange[Calendar], year: int, entries: Iterable[CalendarEntry], source: str, *, provisional: bool
) -> None:
    """Put the days of a year into the calendar that is being changed, and note where they come from."""
    taken.record.years = {**taken.record.years, str(year): {"source": source, "provisional": provisional}}
    _replace_days(taken, year, entries, source)


def _told(day: CalendarDay | None) -> tuple[str, list[list[int]], str] | None:
    return (day.kind, day.windows, day.name) if day else None


def _replace_days(taken: RecordChange[Calendar], year: int, entries: Iterable[CalendarEntry], source: str) -> None:
    hours, entries = normal_day(taken.record), list(entries)
    replaced = Q(date__year=year) | Q(date__in=[entry.date for entry in entries])
    taken.remove(*taken.record.days.filter(replaced))
    for entry in entries:
        taken.add(
            CalendarDay(
                calendar=taken.record,
                date=entry.date,
                kind=entry.kind,
                windows=hours if entry.kind == CalendarDay.Kind.MAKE_UP else [],
                name=entry.name,
                source=source,
            )
        )
