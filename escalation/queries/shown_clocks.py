"""Which clock matters on a line of a list, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from escalation.models import EscalationRequest
from incidents.models import Declaration, State
from sla.models import Clock
from sla.queries import TimeLeft, TimeState, time_left

AWAITING = (EscalationRequest.State.REQUESTED, EscalationRequest.State.OBJECTED)


def shown_clocks(
    rows: Iterable[Declaration], at: datetime, *, deciding: Iterable[Declaration] = ()
) -> dict[int, TimeLeft]:
    """The time left of each declaration by its id, for `deciding` that of the decision; two statements at most.

    One that is not timed is left out.
    """
    decisions = _decision_clocks([owner.pk for owner in deciding])
    chosen = {row.pk: decisions.get(row.pk) or row.shown_clock_id for row in rows}
    waiting = {row.pk for row in rows if row.state == State.WAITING_CUSTOMER}
    wanted = [clock for clock in chosen.values() if clock]
    clocks = Clock.objects.in_bulk(wanted) if wanted else {}
    shown = {pk: time_left(clocks[clock], at, waiting=pk in waiting) for pk, clock in chosen.items() if clock in clocks}
    return {pk: left for pk, left in shown.items() if left.state != TimeState.CANCELLED}


def _decision_clocks(owners: list[int]) -> dict[int, int | None]:
    if not owners:
        return {}
    columns = ("declaration_id", "state", "decision_clock_id", "countersign_clock_id")
    requests = EscalationRequest.objects.filter(declaration__in=owners).order_by("pk").values_list(*columns)
    return {owner: decision if state in AWAITING else countersign for owner, state, decision, countersign in requests}
