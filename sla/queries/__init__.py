"""Every read of calendars, contracts and clocks."""

from sla.queries.calendars import (
    calendar_of,
    calendars,
    counted_by,
    default_calendar,
    unplanned_years,
    working_calendar,
)
from sla.queries.clocks import TimeLeft, TimeState, reached_thresholds, threshold_at, time_left
from sla.queries.contracts import contract_for, resolution_target, response_target
from sla.queries.reasons import reasons

__all__ = [
    "TimeLeft",
    "TimeState",
    "calendar_of",
    "calendars",
    "contract_for",
    "counted_by",
    "default_calendar",
    "reached_thresholds",
    "reasons",
    "resolution_target",
    "response_target",
    "threshold_at",
    "time_left",
    "unplanned_years",
    "working_calendar",
]
