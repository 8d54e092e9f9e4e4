"""Putting a clock right again by its events."""

from __future__ import annotations

from accounts.actors import SYSTEM
from incidents.models import Declaration, State
from ledger.actions import RecordChange, step
from sla.history import differences, replay
from sla.models import Clock

CLAUSE = "5.4.6"
FROZEN = (State.CLOSED, State.FILED)


def repair_clock(clock_id: int, declaration_id: int) -> dict[str, tuple[object, object]]:
    """Rewrite the derived columns of the declaration's clock from its events; what stood there, and what stands now.

    The due time on the declaration follows, unless the record is closed. Raises `ClockError` for events that cannot be
    replayed.
    """
    with step(
        Declaration,
        declaration_id,
        version=None,
        signature=SYSTEM.signature(),
        action="repair_clock",
        clause=CLAUSE,
        bump=False,
    ) as opened:
        clock = Clock.objects.select_for_update().get(pk=clock_id)
        found = differences(clock)
        replayed = replay(clock)
        if found:
            replayed.save(force_update=True)
        opened.note(clock=clock.kind, was={name: was for name, (was, _now) in found.items()})
        opened.note(now={name: now for name, (_was, now) in found.items()})
        if clock.kind == "resolution":
            _copy_due(opened, replayed)
    return found


def _copy_due(opened: RecordChange[Declaration], clock: Clock) -> None:
    declaration = opened.record
    if declaration.state not in FROZEN and declaration.due_at is not None:
        declaration.set(due_at=clock.due_at, clock_stands=clock.stands)
