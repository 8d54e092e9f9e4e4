"""What a clock shows at an instant. Nothing here depends on a worker having run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, cast

from django.utils.translation import gettext as _

from base import wording
from sla.arithmetic import Interval, elapsed, explain
from sla.models import Clock
from sla.queries.calendars import counted_by

AT_RISK_PERCENT = 75
SOON = timedelta(hours=1)
LOOK_AHEAD = timedelta(days=1)


class Reached(NamedTuple):
    """A threshold in percent, and the moment at which so much of the target was used up."""

    percent: int
    moment: datetime


class TimeState(StrEnum):
    """What the time left means."""

    NORMAL = "normal"
    SOON = "soon"
    AT_RISK = "at_risk"
    BREACHED = "breached"
    PAUSED = "paused"
    MET = "met"
    LATE = "late"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class TimeLeft:
    """One clock at one instant.

    `left` is counted time until `due`, negative by what is overdue; `used` is counted time since the start without
    pauses, `fraction` its share of the target and over 1 when overdue. `counted` lists the stretches ahead in which
    a running working-time clock counts; it is empty if every minute counts. `waiting` says that the customer is
    waited for while the clock runs. `warnings` are the shares in percent before the due time at which is warned; from
    the first of them on it is at risk. `likely` says that cases like it which ran so long miss their time.
    """

    kind: str
    state: TimeState
    left: timedelta
    used: timedelta
    fraction: float
    due: datetime
    working: bool
    waiting: bool = False
    counted: tuple[Interval, ...] = ()
    warnings: tuple[int, ...] = ()
    likely: bool = False

    @property
    def words(self) -> str:
        """The sentence of every list, page and mail, in the reader's language, rounded down."""
        words = self._sentence() % {"span": wording.duration(self.used if self.state == TimeState.MET else self.left)}
        if self.working and self.state != TimeState.CANCELLED:
            words = _("%(span)s (working time)") % {"span": words}
        return wording.close_up(words)

    @property
    def due_words(self) -> str:
        """The due time as near as it needs; nothing while no due time is certain."""
        if self.state in (TimeState.PAUSED, TimeState.CANCELLED):
            return ""
        return wording.clock_time(self.due)

    def _sentence(self) -> str:
        match self.state:
            case TimeState.CANCELLED:
                return _("No longer timed")
            case TimeState.MET:
                return _("On time, took %(span)s")
            case TimeState.LATE:
                return _("Solved late by %(span)s") if self.kind == "resolution" else _("Late by %(span)s")
            case TimeState.PAUSED:
                return _("Paused, %(span)s left")
            case TimeState.BREACHED:
                return (
                    _("Waiting for customer, clock runs, %(span)s overdue") if self.waiting else _("%(span)s overdue")
                )
        return _("Waiting for customer, clock runs, %(span)s left") if self.waiting else _("%(span)s left")


def time_left(clock: Clock, at: datetime, *, waiting: bool = False) -> TimeLeft:
    """The clock at `at`; no query but the first reading of its calendar version in a process."""
    agreed, calendar = clock.agreed, counted_by(clock)
    counting = agreed.counting(calendar)
    until = clock.stopped_at or clock.cancelled_at or at
    used = elapsed(clock.started_at, until, counting, clock.pauses)
    length = agreed.length(clock.started_at, calendar)
    state = _state(clock, at, used, length)
    working = agreed.clock == "working"
    ahead = max(clock.due_at, at + LOOK_AHEAD)
    return TimeLeft(
        kind=clock.kind,
        state=state,
        left=length - used,
        used=used,
        fraction=used / length,
        due=clock.due_at,
        working=working,
        waiting=waiting,
        counted=tuple(explain(at, ahead, counting)) if working and clock.is_running else (),
        warnings=_warnings(clock),
        likely=clock.is_running and _is_likely(clock, used, length),
    )


def threshold_at(clock: Clock, percent: int) -> datetime | None:
    """When so much of the target is or was used up; None if a pause that still runs began before."""
    return clock.agreed.part_due(clock.started_at, percent, counted_by(clock), clock.pauses)


def reached_thresholds(clock: Clock, at: datetime) -> list[Reached]:
    """The thresholds that the running clock has reached by `at` and no sweep has dealt with, in order."""
    reached: list[Reached] = []
    for percent in sorted(clock.thresholds) if clock.is_running else ():
        if percent > clock.checked:
            moment = threshold_at(clock, percent)
            if moment is None or moment > at:
                break
            reached.append(Reached(percent, moment))
    return reached


def trend_moment(clock: Clock, at: datetime) -> datetime | None:
    """Since when a miss of the running clock is likely, if no sweep has dealt with that; None before, and once due."""
    if not clock.is_running or not clock.awaits_trend or _is_reached(clock, 100, at):
        return None
    moment = threshold_at(clock, cast(int, clock.trend_percent))
    return moment if moment is not None and moment <= at else None


def _is_reached(clock: Clock, percent: int, at: datetime) -> bool:
    moment = threshold_at(clock, percent)
    return moment is not None and moment <= at


def _is_likely(clock: Clock, used: timedelta, length: timedelta) -> bool:
    percent = clock.trend_percent
    return percent is not None and length * percent <= used * 100 < length * 100


def _warnings(clock: Clock) -> tuple[int, ...]:
    """The shares at which is warned, in order; a clock that warns only when it is over is at risk at the usual one."""
    return tuple(sorted(percent for percent in clock.thresholds if percent < 100)) or (AT_RISK_PERCENT,)


def _state(clock: Clock, at: datetime, used: timedelta, length: timedelta) -> TimeState:
    if clock.stopped_at:
        return TimeState.MET if clock.met else TimeState.LATE
    if clock.cancelled_at:
        return TimeState.CANCELLED
    if used >= length:
        return TimeState.BREACHED
    if clock.paused_at and clock.paused_at <= at:
        return TimeState.PAUSED
    # Whole spans are compared: a rounded share would warn too early or too late.
    if used * 100 >= length * _warnings(clock)[0]:
        return TimeState.AT_RISK
    return TimeState.SOON if length - used < SOON else TimeState.NORMAL
