"""Which of its clocks a declaration shows: one definition for the lines of all lists and for their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from incidents.models.choices import State
from sla.models import Clock

if TYPE_CHECKING:
    from incidents.models.declaration import Declaration

HANDED = (State.HANDED_OVER, State.HANDOVER_RECEIVED)


def shown_clock(declaration: Declaration) -> Clock | None:
    """The clock as it is in the database; one statement.

    The relay's, then the hand-over's, then the response's until the caller is answered and the solution's, whichever
    of these two is due first.
    """
    if declaration.state in HANDED:
        under_way = declaration.handover_rows.filter(completed_at=None, returned_at=None).select_related("clock")
        handover = under_way.order_by("-pk").first()
        return handover.clock if handover else None
    kept = {key: key for key in (getattr(declaration, f"{name}_id") for name in _timed_by(declaration)) if key}
    clocks = Clock.objects.in_bulk(kept) if kept else {}
    return _due_first([clocks[key] for key in kept])


def first_clock(declaration: Declaration) -> Clock | None:
    """The same of a new declaration, whose clocks were started just before; no statement."""
    clocks = [getattr(declaration, name) for name in _timed_by(declaration)]
    return _due_first([clock for clock in clocks if clock])


def _timed_by(declaration: Declaration) -> tuple[str, ...]:
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
