"""Which clock a record shows, and until when: said a second time, by what the clocks themselves tell."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from base.clock import now
from incidents.models import END_STATES, Declaration
from sla.models import Clock
from sla.queries import TimeState, time_left

Shown: TypeAlias = tuple[int | None, datetime | None]
RUNNING = (TimeState.NORMAL, TimeState.SOON, TimeState.AT_RISK, TimeState.BREACHED)


def kept(declaration: Declaration) -> Shown:
    """What stands in the columns."""
    return declaration.shown_clock_id, declaration.shown_due_at


def told_by_clocks(declaration: Declaration) -> Shown:
    """The relay's until it is accepted, the hand-over's while it is handed over; else what comes first of answer and
    solution, the solution alone once the caller is answered."""
    match declaration.state:
        case "relayed":
            clocks = [declaration.relay_clock]
        case "handed_over" | "handover_received":
            clocks = [row.clock for row in declaration.handover_rows.filter(returned_at=None)]
        case _:
            unanswered = declaration.first_response_at is None
            clocks = [declaration.response_clock if unanswered else None, declaration.resolution_clock]
    there = [clock for clock in clocks if clock is not None]
    running = [clock for clock in there if runs(clock)]
    shown = next(iter(sorted(running, key=lambda clock: clock.due_at) or there), None)
    is_open = declaration.state not in END_STATES | {"closed"}
    return shown and shown.pk, shown.due_at if shown and running and is_open else None


def runs(clock: Clock) -> bool:
    return time_left(clock, now()).state in RUNNING
