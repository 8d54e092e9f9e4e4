"""Why a clock is due when it is, in plain sentences."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone_name, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from base import wording
from sla import wording as hours
from sla.arithmetic import WorkingCalendar, elapsed, explain
from sla.models import Clock, Source
from sla.queries.calendars import counted_by

MOST_LINES, LINES_BEFORE, LINES_AFTER = 10, 6, 3
FROM_RECEIPT = ("response", "resolution")


def reasons(clock: Clock, *, basis: str = "", pause_allowed: bool | None = None) -> list[str]:
    """Five sentences: start, target, what counts, pauses, and what on time means.

    `basis` replaces the sentence on the target where the caller knows the contract's number or the level;
    `pause_allowed` says what the contract allows, None leaves that out. No query but that of the calendar.
    """
    return [_start(clock), basis or _target(clock), _counting(clock), _pauses(clock, pause_allowed), _on_time(clock)]


def counted_lines(clock: Clock) -> list[str]:
    """The stretches that add up to the due time, one a line: Fri 11-20 16:00–18:00 counts 2 h.

    On the wall clock of the calendar, by which they open and close. `MOST_LINES` at most: of more, the first and the
    last ones, and what lies between as one. No query but that of the calendar.
    """
    ended = [pause for pause in clock.pauses if pause[1]]
    calendar = counted_by(clock)
    zone = calendar.zone if calendar else None
    spans = explain(clock.started_at, clock.due_at, clock.agreed.counting(calendar), ended)
    if len(spans) <= MOST_LINES:
        return [_counted(*span, zone) for span in spans]
    first, between, last = spans[:LINES_BEFORE], spans[LINES_BEFORE:-LINES_AFTER], spans[-LINES_AFTER:]
    summed = sum((end - start for start, end in between), timedelta())
    middle = ngettext(
        "… %(count)d stretch more, %(span)s together",
        "… %(count)d stretches more, %(span)s together",
        len(between),
    ) % {"count": len(between), "span": wording.duration(summed)}
    return [*(_counted(*span, zone) for span in first), middle, *(_counted(*span, zone) for span in last)]


def _counted(start: datetime, end: datetime, zone: tzinfo | None) -> str:
    opened, closed = localtime(start, zone), localtime(end, zone)
    until = f"{closed:%H:%M}" if opened.date() == closed.date() else f"{_day(closed)} {closed:%H:%M}"
    return _("%(day)s %(start)s–%(end)s counts %(span)s") % {
        "day": _day(opened),
        "start": f"{opened:%H:%M}",
        "end": until,
        "span": wording.duration(end - start),
    }


def _day(at: datetime) -> str:
    """The weekday with the date."""
    # Translators: a date format of Django, the short weekday with month and day.
    return date_format(at, pgettext("date format", "D m-d"))


def _start(clock: Clock) -> str:
    start = {"start": _time(clock.started_at)}
    if clock.kind in FROM_RECEIPT:
        return _("Counted from %(start)s, when it was received, not from when it was logged.") % start
    return _("Counted from %(start)s.") % start


def _target(clock: Clock) -> str:
    sentence = {
        Source.CONTRACT: _("The contract allows %(target)s."),
        Source.MATRIX: _("No contract sets a time here, so the procedure's matrix holds: %(target)s."),
        Source.CHANNEL: _("No contract sets a time here, so that of the channel holds: %(target)s."),
        Source.PARAMETER: _("The procedure allows %(target)s."),
    }[Source(clock.source)]
    return sentence % {"target": clock.agreed.words()}


def _counting(clock: Clock) -> str:
    calendar = counted_by(clock)
    if clock.agreed.unit == "calendar_month":
        return _("Calendar months: the same time of day, on the last day of the month at the latest.")
    if clock.agreed.clock == "natural" or calendar is None:
        return _("Natural time: nights, weekends and holidays count.")
    windows = hours.windows(calendar.day_windows)
    skipped = _days_without_work(clock.started_at, clock.due_at, calendar)
    if not skipped:
        return _("Working time: %(windows)s on a normal day.") % {"windows": windows} + _elsewhere(calendar)
    sentence = ngettext(
        "Working time: %(windows)s on a normal day; %(days)d day off is left out.",
        "Working time: %(windows)s on a normal day; %(days)d days off are left out.",
        skipped,
    ) % {"windows": windows, "days": skipped}
    return sentence + _elsewhere(calendar)


def _elsewhere(calendar: WorkingCalendar) -> str:
    """Whose clock that is, for a reader in another zone."""
    if calendar.zone is None or str(calendar.zone) == get_current_timezone_name():
        return ""
    return " " + _("That is on the clock of %(zone)s.") % {"zone": calendar.zone}


def _days_without_work(start: datetime, due: datetime, calendar: WorkingCalendar) -> int:
    """Local days from the start's to the due day on which nobody works."""
    first, last = start.astimezone(calendar.zone).date(), due.astimezone(calendar.zone).date()
    days = (first + timedelta(days=day) for day in range((last - first).days + 1))
    return sum(not calendar.exceptions.get(day, calendar.weekly[day.weekday()]) for day in days)


def _pauses(clock: Clock, allowed: bool | None) -> str:
    if clock.paused_at:
        return _("The clock has stood since %(start)s; the due time moves when it goes on.") % {
            "start": _time(clock.paused_at)
        }
    if clock.pause_spans:
        return _("Pauses moved the due time by %(span)s.") % {"span": wording.duration(_paused(clock))}
    if allowed is None:
        return _("There were no pauses.")
    if allowed:
        return _("The contract allows pauses; there were none.")
    return _("The contract allows no pauses; there were none.")


def _paused(clock: Clock) -> timedelta:
    counting = clock.agreed.counting(counted_by(clock))
    gross = elapsed(clock.started_at, clock.due_at, counting)
    return gross - elapsed(clock.started_at, clock.due_at, counting, clock.pauses)


def _on_time(clock: Clock) -> str:
    return _("On time means before %(due)s; at %(due)s sharp it is late.") % {"due": _time(clock.due_at)}


def _time(at: datetime) -> str:
    return f"{localtime(at):%m-%d %H:%M}"
