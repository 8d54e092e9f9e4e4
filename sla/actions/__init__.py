"""Every write to calendars, contracts and clocks."""

from sla.actions.calendars import change_calendar, create_calendar
from sla.actions.clocks import (
    cancel,
    claim_due,
    continue_clock,
    correct,
    foresee,
    mark_checked,
    mark_reached,
    pause,
    postpone,
    resume,
    retarget,
    start_clock,
    stop,
)
from sla.actions.contracts import Terms, change_contract, create_contract, hand_on_contract
from sla.actions.experience import learn
from sla.actions.installing import install_calendar
from sla.actions.years import (
    BY_HAND,
    confirm_calendar_year,
    import_public_holidays,
    load_calendar_year,
    set_calendar_day,
)
from sla.history import ClockError, replay
from sla.models import Clock
from sla.year_files import CalendarEntry

__all__ = [
    "BY_HAND",
    "CalendarEntry",
    "Clock",
    "ClockError",
    "Terms",
    "cancel",
    "change_calendar",
    "change_contract",
    "claim_due",
    "confirm_calendar_year",
    "continue_clock",
    "correct",
    "create_calendar",
    "create_contract",
    "foresee",
    "hand_on_contract",
    "import_public_holidays",
    "install_calendar",
    "learn",
    "load_calendar_year",
    "mark_checked",
    "mark_reached",
    "pause",
    "postpone",
    "replay",
    "resume",
    "retarget",
    "set_calendar_day",
    "start_clock",
    "stop",
]
