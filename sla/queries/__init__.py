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
from sla.queries.clocks import TimeLeft, TimeState, reached_thresholds, threshold_at, time_left, trend_moment
from sla.queries.contracts import (
    agreed_targets,
    contract,
    contract_for,
    contract_page,
    contracts_of,
    ending,
    gaps,
    is_followed,
    last_warning,
    resolution_target,
    response_target,
    warning_thresholds,
)
from sla.queries.experience import experience_of, last_learnt, observed
from sla.queries.moves import Move, moved
from sla.queries.reasons import counted_lines, reasons
from sla.queries.years import differences, public_holidays

__all__ = [
    "Move",
    "TimeLeft",
    "TimeState",
    "agreed_targets",
    "calendar",
    "calendar_of",
    "calendars",
    "contract",
    "contract_for",
    "contract_page",
    "contracts_of",
    "counted_by",
    "counted_lines",
    "default_calendar",
    "differences",
    "ending",
    "experience_of",
    "gaps",
    "is_followed",
    "last_learnt",
    "last_warning",
    "missing_years",
    "moved",
    "observed",
    "public_holidays",
    "reached_thresholds",
    "reasons",
    "resolution_target",
    "response_target",
    "special_days",
    "threshold_at",
    "time_left",
    "trend_moment",
    "unplanned_years",
    "warning_thresholds",
    "working_calendar",
]
