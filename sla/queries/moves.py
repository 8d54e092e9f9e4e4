"""Whether a clock would be due at another time under other terms; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sla.models import Calendar, Clock
from sla.queries.calendars import working_calendar
from sla.targets import Target


@dataclass(frozen=True)
class ClockMove:
    """An open clock, the terms that would hold for it, and when it would be due by them."""

    clock: Clock
    target: Target
    source: str
    calendar: Calendar | None
    due_at: datetime

    @property
    def difference(self) -> timedelta:
        """How much later it would be due; negative for earlier."""
        return self.due_at - self.clock.due_at

    def is_overdue(self, at: datetime) -> bool:
        """Whether it would be over already; a paused clock waits and is not."""
        return self.clock.paused_at is None and self.due_at <= at


def moved(clock: Clock, target: Target, source: str, calendar: Calendar | None) -> ClockMove | None:
    """What applying these terms from the clock's own start would do; None if it has ended or stays due when it is.

    No query but the first reading of the calendar's version in a process.
    """
    if clock.has_ended:
        return None
    ended = [pause for pause in clock.pauses if pause[1]]
    due = target.due(clock.started_at, working_calendar(calendar) if calendar else None, ended)
    return ClockMove(clock, target, source, calendar, due) if due is not None and due != clock.due_at else None
