"""When a step is due, read off the row: what several verbs ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from incidents.models import Declaration, State
from incidents.models.guards import BOTH_OPINIONS
from procedure.queries import rules
from sla.targets import Target

# A customer is told again before the interval has run out, not after.
INTERVAL_SHARE = 0.75


def in_state(*states: State) -> Callable[[Declaration], bool]:
    """Whether a declaration is in one of these states."""
    return lambda declaration: declaration.state in states


def update_due(declaration: Declaration, at: datetime) -> bool:
    """Whether the customer should hear something now: after a miss, or when the interval of the level runs out."""
    if declaration.state not in (State.IN_PROGRESS, State.WAITING_CUSTOMER):
        return False
    last_contact = declaration.communicated_at or declaration.received_at
    if was_due(declaration, last_contact, at):
        return True
    interval = update_interval(declaration)
    return interval is not None and at - last_contact >= interval * INTERVAL_SHARE


def was_due(declaration: Declaration, last_contact: datetime, at: datetime) -> bool:
    """Whether the due time has passed since the customer was told something; while it moves, it cannot pass."""
    return declaration.due_at is not None and not declaration.clock_stands and last_contact < declaration.due_at <= at


def update_interval(declaration: Declaration) -> timedelta | None:
    """How often a customer is told something at this level; None where the procedure asks for nothing."""
    book = rules(declaration.procedure_version_id)
    span = book.parameter("update_interval").get(str(declaration.priority))
    if span is None or not book.parameter("update_interval_used"):
        return None
    return Target.from_data(span).length(declaration.received_at, None)


def answer_due(declaration: Declaration) -> bool:
    """Whether the customer has still to hear what becomes of a request."""
    accepted = declaration.state == State.REQUEST_IN_PROGRESS and declaration.customer_answered_at is None
    return accepted or refusal_due(declaration)


def refusal_due(declaration: Declaration) -> bool:
    """Whether the head speaks against a request, so that the desk tells the customer before it is declined (T8)."""
    opposed = declaration.state == State.REQUEST_REVIEW and declaration.head_agrees is False
    return opposed and BOTH_OPINIONS(declaration) and declaration.customer_answered_at is None
