"""Calendars and the versions that clocks count by. Every change makes a new version; running clocks keep theirs until
somebody applies it to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actors import Actor
from base.clock import now
from ledger.actions import RecordChange, again_if_raced, attempt, create, step
from ledger.exceptions import Invalid
from sla import access
from sla.arithmetic import WorkingCalendar
from sla.models import Calendar, CalendarDay, CalendarVersion
from sla.working_time import Window

CLAUSE = "5.4.3"
Weekly = Mapping[int, Sequence[Window]]


@again_if_raced
def create_calendar(
    name: str, *, actor: Actor, weekly: Weekly, timezone: str = "Asia/Shanghai", default: bool = False
) -> Calendar:
    """Enter a calendar, `weekly` as `WorkingCalendar` takes it. Raises `Invalid` if nobody could ever work by it."""
    with attempt(actor.signature(), action="create_calendar", stream="calendar:new", clause=CLAUSE) as tried:
        tried.signature = actor.signature(access.require_keep_calendars(actor))
        calendar = Calendar(name=name, timezone=timezone, weekly=_stored(weekly), is_default=default)
        _check(calendar)
        with create(calendar, signature=tried.signature, action="create_calendar", clause=CLAUSE) as begun:
            publish(begun, number=1)
    return calendar


@again_if_raced
def change_calendar(
    calendar_id: int, *, actor: Actor, version: int | None, name: str, timezone: str, weekly: Weekly
) -> Calendar:
    """Change name, zone and weekly hours; make-up days that had the hours of a normal day get the new ones.

    Saving what stands there already makes no version. Raises `Invalid` if nobody could ever work by it.
    """
    wanted = {"name": name, "timezone": timezone, "weekly": _stored(weekly)}
    with attempt(actor.signature(), action="change_calendar", stream=f"calendar:{calendar_id}", clause=CLAUSE):
        standing = Calendar.objects.get(pk=calendar_id)
        access.require_keep_calendars(actor)
        if version in (None, standing.version) and _terms(standing) == wanted:
            return standing
        with changing(calendar_id, "change_calendar", actor=actor, version=version) as taken:
            hours = normal_day(taken.record)
            for key, value in wanted.items():
                setattr(taken.record, key, value)
            _check(taken.record)
            for day in taken.record.days.filter(kind=CalendarDay.Kind.MAKE_UP, windows=hours):
                taken.track(day).windows = normal_day(taken.record)
                day.save(update_fields=["windows"])  # The version below reads it.
            publish(taken, number=taken.record.version + 1)
    return taken.record


@contextmanager
def changing(calendar_id: int, action: str, *, actor: Actor, version: int | None) -> Iterator[RecordChange[Calendar]]:
    """One step on a calendar, signed with the grant of somebody who keeps calendars."""
    with step(
        Calendar, calendar_id, version=version, signature=actor.signature(), action=action, clause=CLAUSE
    ) as taken:
        taken.signature = actor.signature(access.require_keep_calendars(actor))
        yield taken


def normal_day(calendar: Calendar) -> list[list[int]]:
    """The windows of a normal working day, which a make-up day has as well."""
    week = {int(weekday): windows for weekday, windows in calendar.weekly.items()}
    return [list(window) for window in WorkingCalendar(calendar.timezone, week).day_windows]


def publish(taken: RecordChange[Calendar], *, number: int) -> None:
    """Freeze the calendar as the step leaves it into a version that clocks can count by."""
    calendar = taken.record
    calendar.current = taken.add(
        CalendarVersion(
            calendar=calendar,
            number=number,
            published_at=now(),
            timezone=calendar.timezone,
            weekly=calendar.weekly,
            exceptions={day.date.isoformat(): day.windows for day in calendar.days.all()},
        )
    )


def _stored(weekly: Weekly) -> dict[str, list[list[int]]]:
    """The week as the model keeps it; what cannot be a week is left for `_check` to refuse."""
    return {str(weekday): [list(window) for window in weekly.get(weekday, ())] for weekday in range(7)}


def _terms(calendar: Calendar) -> dict[str, object]:
    week = {int(weekday): windows for weekday, windows in calendar.weekly.items()}
    return {"name": calendar.name, "timezone": calendar.timezone, "weekly": _stored(week)}


def _check(calendar: Calendar) -> None:
    try:
        calendar.clean()
    except ValidationError as error:
        raise Invalid(errors=error.message_dict) from error
    if Calendar.objects.filter(name=calendar.name).exclude(pk=calendar.pk).exists():
        raise Invalid(errors={"name": [_("Another calendar has this name.")]})
