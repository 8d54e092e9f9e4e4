"""Messages that were held for the opening and whose reason was gone by then (R-5.4.6-3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from accounts.actors import SYSTEM
from escalation.actions.batches import SweepBatch
from escalation.actions.thresholds import cancelled
from escalation.models import HeldWarning
from ledger.actions import record_all
from sla.models import Clock

Outcome = HeldWarning.Outcome


def claim_held(at: datetime, limit: int, among: Collection[int] | None = None) -> list[HeldWarning]:
    """Lock up to `limit` held messages whose opening has come, by `held_warning_due`; `among` narrows it to keys."""
    due = HeldWarning.objects.select_for_update(of=("self",), skip_locked=True)
    due = due.filter(settled_at=None, held_until__lte=at)
    if among is not None:
        due = due.filter(pk__in=among)
    return list(due.select_related("clock").order_by("held_until")[:limit])


def cancel_held(held: Sequence[HeldWarning], at: datetime) -> tuple[int, int]:
    """Cancel those of the claimed ones that the sweep had no reason to send; it has checked the clocks before.

    One whose clock is still due is left to the next round. Answers 0 warnings given, and how many were cancelled.
    """
    gone = [(row, why) for row in held if (why := _why_gone(row, row.clock, at))]
    declarations = SweepBatch(at).lock(row.declaration_id for row, _why in gone)
    free = [(row, why) for row, why in gone if row.declaration_id in declarations]
    record_all(
        (cancelled(row, declarations[row.declaration_id], why) for row, why in free), signature=SYSTEM.signature()
    )
    by_reason: dict[Outcome, list[int]] = defaultdict(list)
    for row, why in free:
        by_reason[why].append(row.pk)
    for why, keys in by_reason.items():
        HeldWarning.objects.filter(pk__in=keys).update(settled_at=at, outcome=why)
    return 0, len(free)


def _why_gone(held: HeldWarning, clock: Clock, at: datetime) -> Outcome | None:
    if clock.stopped_at is not None:
        return Outcome.STOPPED
    if clock.cancelled_at is not None:
        return Outcome.ENDED
    if clock.paused_at is not None:
        return Outcome.PAUSED
    if clock.next_check_at is not None and clock.next_check_at <= at:
        return None
    return Outcome.RETARGETED if clock.cycle != held.cycle else Outcome.MOVED
