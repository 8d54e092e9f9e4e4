"""Which clock matters on a line of a list, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from escalation.models import EscalationRequest
from incidents.models import Declaration, State
from sla.models import Clock
from sla.queries import TimeLeft, TimeState, time_left

HANDED = (State.HANDED_OVER, State.HANDOVER_RECEIVED)
AWAITING = (EscalationRequest.State.REQUESTED, EscalationRequest.State.OBJECTED)


def shown_clocks(
    rows: Iterable[Declaration], at: datetime, *, deciding: Iterable[Declaration] = ()
) -> dict[int, TimeLeft]:
    """The time left of each declaration by its id, for `deciding` that of the decision; two statements at most.

    The rows come with their `handover_clock_id` (`incidents.queries.listing.with_handover_clock`). One that is not
    timed is left out.
    """
    decisions = _decision_clocks([owner.pk for owner in deciding])
    chosen = {row.pk: decisions.get(row.pk) or _clock_of(row) for row in rows}
    waiting = {row.pk for row in rows if row.state == State.WAITING_CUSTOMER}
    wanted = [clock for clock in chosen.values() if clock]
    clocks = Clock.objects.in_bulk(wanted) if wanted else {}
    shown = {pk: time_left(clocks[clock], at, waiting=pk in waiting) for pk, clock in chosen.items() if clock in clocks}
    return {pk: left for pk, left in shown.items() if left.state != TimeState.CANCELLED}


def _clock_of(row: Declaration) -> int | None:
    if row.state == State.RELAYED:
        return row.relay_clock_id
    if row.state in HANDED:
        return row.handover_clock_id  # type: ignore[attr-defined, no-any-return]
    if row.first_response_at is None:
        return row.response_clock_id
    return row.resolution_clock_id


def _decision_clocks(owners: list[int]) -> dict[int, int | None]:
    if not owners:
        return {}
    columns = ("declaration_id", "state", "decision_clock_id", "countersign_clock_id")
    requests = EscalationRequest.objects.filter(declaration__in=owners).order_by("pk").values_list(*columns)
    return {owner: decision if state in AWAITING else countersign for owner, state, decision, countersign in requests}
