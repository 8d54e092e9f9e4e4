"""Every write to calendars, contracts and clocks."""

from sla.actions.calendars import CalendarEntry, create_calendar, import_public_holidays, load_calendar_year
from sla.actions.clocks import (
    cancel,
    claim_due,
    continue_clock,
    mark_checked,
    pause,
    recompute_open_clocks,
    resume,
    retarget,
    start_clock,
    stop,
)
from sla.actions.contracts import create_contract
from sla.history import ClockError, replay
from sla.models import Clock

__all__ = [
    "CalendarEntry",
    "Clock",
    "ClockError",
    "cancel",
    "claim_due",
    "continue_clock",
    "create_calendar",
    "create_contract",
    "import_public_holidays",
    "load_calendar_year",
    "mark_checked",
    "pause",
    "recompute_open_clocks",
    "replay",
    "resume",
    "retarget",
    "start_clock",
    "stop",
]
