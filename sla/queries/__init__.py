"""Every read of calendars, contracts and clocks."""

from sla.queries.calendars import (
    calendar,
    calendar_of,
    calendars,
    counted_by,
    default_calendar,
    missing_years,
    special_days,
    unplanned_years,
    working_calendar,
)
from sla.queries.clocks import TimeLeft, TimeState, reached_thresholds, threshold_at, time_left
from sla.queries.contracts import contract_for, resolution_target, response_target
from sla.queries.reasons import reasons
from sla.queries.years import differences, public_holidays

__all__ = [
    "TimeLeft",
    "TimeState",
    "calendar",
    "calendar_of",
    "calendars",
    "contract_for",
    "counted_by",
    "default_calendar",
    "differences",
    "missing_years",
    "public_holidays",
    "reached_thresholds",
    "reasons",
    "resolution_target",
    "response_target",
    "special_days",
    "threshold_at",
    "time_left",
    "unplanned_years",
    "working_calendar",
]
