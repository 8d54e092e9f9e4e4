"""Which of its own clocks a declaration shows: one definition for the lines of all lists and for their order.

The relay's, or the response's until the caller is answered and the solution's, whichever of these two is due first.
"""

from __future__ import annotations

from collections.abc import Sequence

from incidents.models.choices import State
from incidents.models.fields import DeclarationFields
from sla.models import Clock

HANDED = (State.HANDED_OVER, State.HANDOVER_RECEIVED)


def stored_clock(declaration: DeclarationFields) -> Clock | None:
    """The clock as it is in the database; at most one statement."""
    keys = [key for key in (getattr(declaration, f"{name}_id") for name in _timed_by(declaration)) if key]
    clocks = Clock.objects.in_bulk(keys) if keys else {}
    return _due_first([clocks[key] for key in keys])


def first_clock(declaration: DeclarationFields) -> Clock | None:
    """The same of a new declaration, whose clocks were started just before; no statement."""
    clocks = [getattr(declaration, name) for name in _timed_by(declaration)]
    return _due_first([clock for clock in clocks if clock])


def _timed_by(declaration: DeclarationFields) -> tuple[str, ...]:
    if declaration.state == State.RELAYED:
        return ("relay_clock",)
    if declaration.first_response_at is None:
        return ("response_clock", "resolution_clock")
    return ("resolution_clock",)


def _due_first(clocks: Sequence[Clock]) -> Clock | None:
    """Of those that run the one due first, else the first one."""
    running = [clock for clock in clocks if clock.runs_out]
    if running:
        return min(running, key=lambda clock: clock.due_at)
    return clocks[0] if clocks else None
