"""An article out of an own solution (R-5.4.4-9): who may write it, and what it begins with."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from incidents.access import capacities
from incidents.models import Capacity, Declaration, State, Type

SOLVED = (State.RESOLVED, State.CLOSED, State.FILED)
AUTHORS = (Capacity.DESK, Capacity.HANDLER)


def may_draft(actor: Actor, d: Declaration) -> bool:
    """Desk and handler of an incident that was solved without an article; nothing of a restricted one is passed on."""
    own = d.type == Type.INCIDENT and d.state in SOLVED and not d.article_code and not d.restricted
    return own and not set(AUTHORS).isdisjoint(capacities(actor, d))


def prefilled(d: Declaration) -> dict[str, Any]:
    """The article as the record tells it, to be made general by its author."""
    steps = [line.strip() for text in (d.cause, d.solution) for line in text.splitlines() if line.strip()]
    return {"title": d.subject, "symptom": d.body, "keywords": [], "solution_steps": steps}
