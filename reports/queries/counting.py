"""Which records a figure counts, and which of them it counts as kept: one place for numbers and lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from incidents.models import OPEN_STATES, State, Type
from reports.figures import Figure
from reports.periods import Period

SOLVED = (State.RESOLVED, State.CLOSED, State.FILED)
IS_SOLVED = Q(type=Type.INCIDENT, state__in=SOLVED)
ON_TIME = Q(resolved_at__lt=F("due_at"))
ANSWERED_IN_TIME = Q(first_response_at__lt=F("response_clock__due_at"))
# By which column a record belongs to a month.
MOMENT = {
    Figure.RESOLUTION: "resolved_at",
    Figure.RESPONSE: "received_at",
    Figure.ATTAINMENT: "resolved_at",
}
KEPT = {
    Figure.RESOLUTION: ON_TIME,
    Figure.RESPONSE: ANSWERED_IN_TIME,
    Figure.ATTAINMENT: ON_TIME & ANSWERED_IN_TIME,
}
# What was not kept of those that are counted, said so that `declaration_solved_late` finds it: what is solved has a due
# time.
MISSED = {
    Figure.RESOLUTION: Q(resolved_at__gte=F("due_at")),
    Figure.RESPONSE: ~ANSWERED_IN_TIME,
    Figure.ATTAINMENT: ~KEPT[Figure.ATTAINMENT],
}
OVERDUE_MOMENT = "due_at"


@dataclass(frozen=True)
class Asked:
    """What the figures are narrowed to; `customer` and `level` 0 are unknown callers and what has no level."""

    period: Period
    department: int | None = None
    customer: int | None = None
    level: int | None = None

    def narrowing(self) -> Q:
        """The condition for everything but the period."""
        found = Q() if self.department is None else Q(department=self.department)
        for name, value in (("customer", self.customer), ("priority", self.level)):
            if value is not None:
                found &= Q(**{name: value}) if value else Q(**{f"{name}__isnull": True})
        return found


def counts(figure: Figure, asked: Asked, at: datetime) -> Q:
    """The records in the denominator of a figure at the instant `at`."""
    within = {f"{MOMENT[figure]}__gte": asked.period.start, f"{MOMENT[figure]}__lt": asked.period.end}
    verdict = response_is_judged(at) if figure == Figure.RESPONSE else IS_SOLVED
    return Q(**within) & verdict & asked.narrowing()


def is_overdue(asked: Asked, at: datetime) -> Q:
    """Incidents that are unsolved though they fell due before the end of the period, by `at` at the latest (A-03).

    A clock that stands because the contract allows it (A-06) has not reached its due time.
    """
    clock_ran = Q(resolution_clock__paused_at__isnull=True) | Q(resolution_clock__paused_at__gte=F("due_at"))
    fell_due = Q(due_at__lte=at, due_at__lt=asked.period.end, resolved_at__isnull=True)
    unsolved = Q(type=Type.INCIDENT, state__in=sorted(OPEN_STATES))
    return fell_due & unsolved & clock_ran & asked.narrowing()


def response_is_judged(at: datetime) -> Q:
    """It was given, or its time is over (A-07); what was withdrawn before either never fell due."""
    over = Q(response_clock__due_at__lte=at) & _stood()
    return Q(first_response_at__isnull=False, response_clock__isnull=False) | over


def response_will_be_judged(at: datetime) -> Q:
    """It was not given, and its time is not over: nobody does anything, and the verdict comes."""
    return Q(first_response_at__isnull=True, response_clock__due_at__gt=at) & _stood()


def _stood() -> Q:
    """Nobody took the clock away before its due time."""
    clock = "response_clock__"
    return Q(**{f"{clock}cancelled_at__isnull": True}) | Q(**{f"{clock}cancelled_at__gte": F(f"{clock}due_at")})
