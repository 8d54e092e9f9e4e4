"""Which steps of a plan a declaration needs: what only repeats and misses ask for, the plan cannot foresee."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from escalation.models import Problem
from incidents.models import Declaration, EscalationState, State

Row = dict[str, Any]
Condition = Callable[[Row], bool]
COLUMNS = ("pk", "state", "escalation_state", "problem_number", "breach_reason", "resolution_clock__met")
UNDECIDED = (EscalationState.REQUESTED, EscalationState.OBJECTED)
SETTLED = (EscalationState.NONE, EscalationState.SETTLED, EscalationState.LAPSED)


def is_wanted(verb: str, find: Callable[[], int]) -> bool:
    """Whether the declaration is one of those that this step is for."""
    if verb not in CONDITIONS:
        return True
    return CONDITIONS[verb](Declaration.objects.values(*COLUMNS).get(pk=find()))


def _has_new_problem(row: Row) -> bool:
    new = Problem.objects.filter(declaration=row["pk"], acknowledged_at=None, withdrawn_at=None)
    return bool(row["problem_number"]) and new.exists()


CONDITIONS: dict[str, Condition] = {
    "request_escalation": lambda row: row["escalation_state"] == EscalationState.REQUIRED,
    "decide_escalation": lambda row: row["escalation_state"] in UNDECIDED,
    "countersign": lambda row: row["escalation_state"] == EscalationState.DECIDED,
    "acknowledge_problem": _has_new_problem,
    "state_breach_reason": lambda row: row["resolution_clock__met"] is False and not row["breach_reason"],
    "close": lambda row: row["state"] == State.RESOLVED and row["escalation_state"] in SETTLED,
}
