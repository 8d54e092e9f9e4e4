"""Who decides whether an incident becomes a problem."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Department, Role, User
from accounts.queries import head_of, holders
from escalation.models import EscalationRequest
from sla.models import Clock


def requesters_of(clocks: Iterable[Clock]) -> dict[int, int | None]:
    """Who asked for the decision that each of these clocks waits for, by its key; one query by its unique index."""
    waiting = [clock.pk for clock in clocks if clock.kind == "decision"]
    if not waiting:
        return {}
    return dict(EscalationRequest.objects.filter(decision_clock__in=waiting).values_list("decision_clock", "by"))


def deciders(department: Department, requester: User | None) -> tuple[list[User], bool]:
    """Who decides on what this person asks for, and whether it went one level up; at most three queries.

    The head, or the deputy who stands in. If that is the requester, or nobody: the level above, and whoever
    else heads the department (A-10, R-5.4.5-5).
    """
    acting = head_of(department)
    if acting is not None and acting != requester:
        return [acting], False
    heads = [person for person in holders(Role.DEPARTMENT_HEAD, department=department) if person != requester]
    return [*heads, *(person for person in holders(Role.MANAGEMENT) if person != requester)], True
