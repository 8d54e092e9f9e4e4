"""Working time as pure functions: no database, no settings, no `now()`.

All instants are aware datetimes; results stand in the zone of the `start` that was given, exact to the microsecond.
A naive datetime raises `ValueError`. An instant counts if a clock on the wall of the calendar's zone shows a time
within a working window of the local date: real minutes count, also where daylight saving time stretches or cuts a
window. `ALWAYS` counts every instant.

A deadline is the *earliest* instant at which the counted time since `start` reaches the target: with a day that
ends at 18:00, eight hours from 09:00 over one hour of lunch end at 18:00, not on the next morning.

`pauses` are pairs (start, end) in any order, which may overlap; an end of None means that the pause is still running.
Paused time does not count. A month is natural time: a pause in it moves its end by the real length of the pause.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeAlias

from sla.working_time import ALWAYS, EPOCH, MICROSECOND, Calendar, Span, WorkingCalendar

__all__ = [
    "ALWAYS",
    "Calendar",
    "Interval",
    "Months",
    "Pause",
    "WorkingCalendar",
    "day_end",
    "deadline",
    "elapsed",
    "explain",
    "next_opening",
]

Pause: TypeAlias = tuple[datetime, datetime | None]
Interval: TypeAlias = tuple[datetime, datetime]
# Where a pause that still runs ends: later than every instant that a datetime can hold.
FOREVER = 2**63


@dataclass(frozen=True)
class Months:
    """A target of `count` calendar months on the wall clock; the day is clamped to the end of the month."""

    count: int

    def __post_init__(self) -> None:
        if type(self.count) is not int:
            raise ValueError(f"months are counted in whole numbers: {self.count!r}")
        if self.count < 0:
            raise ValueError("a target cannot be negative")


def deadline(
    start: datetime, target: timedelta | Months, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """The earliest instant at which the time counted since `start` reaches `target`, in the zone of `start`.

    Months run on the wall clock of the calendar's zone (for `ALWAYS`: of `start`'s own zone), whether or not anybody
    works. A local time that daylight saving skips is read with the offset before the gap, one that comes twice is the
    first. None if a pause that still runs began before the target was reached. Raises `OverflowError` beyond what a
    datetime or the calendar can hold.
    """
    due = _due(start, target, calendar, pauses)
    return None if due is None else _moment(due, start.tzinfo)


def elapsed(start: datetime, end: datetime, calendar: Calendar, pauses: Sequence[Pause] = ()) -> timedelta:
    """The time counted from `start` to `end`; nothing if `end` is not after `start`."""
    spans = _running_between(_instant(start), _instant(end), pauses)
    return sum((calendar.counted(stop) - calendar.counted(begin) for begin, stop in spans), 0) * MICROSECOND


def explain(
    start: datetime, until: datetime | timedelta | Months, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> list[Interval]:
    """The stretches that `elapsed` adds up, in order, in the zone of `start`; neighbours are joined.

    `until` is an instant, or a target: then the stretches up to its deadline, or up to the pause that still runs.
    """
    if isinstance(until, datetime):
        end: int | None = _instant(until)
    else:
        end = _due(start, until, calendar, pauses)
        calendar = ALWAYS if isinstance(until, Months) else calendar
    joined: list[Span] = []
    for running in _running_between(_instant(start), FOREVER if end is None else end, pauses):
        for begin, stop in calendar.spans(*running):
            if joined and joined[-1][1] == begin:
                begin = joined.pop()[0]
            joined.append((begin, stop))
    return [(_moment(begin, start.tzinfo), _moment(stop, start.tzinfo)) for begin, stop in joined]


def next_opening(at: datetime, calendar: Calendar) -> datetime:
    """`at` itself if it counts, else the next instant that does, in the zone of `at`."""
    instant = _instant(at)
    return _moment(calendar.reached(calendar.counted(instant) + 1) - 1, at.tzinfo)


def day_end(at: datetime, calendar: WorkingCalendar) -> datetime:
    """When work ends on the day of `at`; once it has ended, or where nobody works that day, on the next one with work.

    In the zone of `at`. Raises `OverflowError` where the calendar has no more working time.
    """
    opening = next_opening(at, calendar)
    midnight = datetime.combine(opening.astimezone(calendar.zone).date() + timedelta(days=1), time(), calendar.zone)
    return explain(opening, midnight, calendar)[-1][1].astimezone(at.tzinfo)


def _due(start: datetime, target: timedelta | Months, calendar: Calendar, pauses: Sequence[Pause]) -> int | None:
    begin = _instant(start)
    if isinstance(target, Months):
        return _after_target(begin, _months_later(start, target, calendar) - begin, ALWAYS, pauses)
    if not isinstance(target, timedelta):
        raise ValueError(f"a target is a timedelta or Months: {target!r}")
    return _after_target(begin, target // MICROSECOND, calendar, pauses)


def _after_target(begin: int, missing: int, calendar: Calendar, pauses: Sequence[Pause]) -> int | None:
    if missing < 0:
        raise ValueError("a target cannot be negative")
    if missing == 0:
        return begin
    before = calendar.counted(begin)
    for start, end in _merged(pauses, begin):
        counted = calendar.counted(start) - before
        if missing <= counted:
            break
        if end == FOREVER:
            return None
        missing -= counted
        before = calendar.counted(end)
    return calendar.reached(before + missing)


def _months_later(start: datetime, target: Months, calendar: Calendar) -> int:
    local = start.astimezone(calendar.zone) if calendar.zone else start
    years, month = divmod(local.month - 1 + target.count, 12)
    year = local.year + years
    if year > date.max.year:
        raise OverflowError("the deadline lies beyond the year 9999")
    last_day = monthrange(year, month + 1)[1]
    return _instant(local.replace(year=year, month=month + 1, day=min(local.day, last_day), fold=0))


def _running_between(begin: int, end: int, pauses: Sequence[Pause]) -> Iterator[Span]:
    """What of [begin, end) no pause covers."""
    for start, stop in _merged(pauses, begin):
        if start >= end:
            break
        if begin < start:
            yield begin, start
        begin = stop
    if begin < end:
        yield begin, end


def _merged(pauses: Sequence[Pause], begin: int) -> list[Span]:
    """The pauses in order, joined where they touch, cut at `begin`."""
    merged: list[Span] = []
    for start, end in sorted(map(_span, pauses)):
        if end <= begin:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((max(start, begin), end))
    return merged


def _span(pause: Pause) -> Span:
    # Compared as instants: datetimes of one zone compare by their wall clock, which autumn turns back.
    start, end = pause
    span = _instant(start), FOREVER if end is None else _instant(end)
    if span[1] < span[0]:
        raise ValueError("a pause cannot end before it starts")
    return span


def _instant(moment: datetime) -> int:
    try:
        return (moment - EPOCH) // MICROSECOND
    except TypeError as error:
        raise ValueError(f"an aware datetime is needed: {moment!r}") from error


def _moment(instant: int, zone: tzinfo | None) -> datetime:
    return (EPOCH + instant * MICROSECOND).astimezone(zone)
