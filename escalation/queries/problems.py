"""Which problems somebody may see, and the incidents of one."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import Role
from escalation.models import Problem
from incidents.access import declarations
from incidents.models import Declaration

NUMBER = re.compile(r"[A-Z]{2}-[0-9]{8}-[0-9]{3,12}")
LIMIT = 100


def problems(actor: Actor) -> QuerySet[Problem]:
    """The problems that `actor` may see, newest first: those of visible records, for problem management all but those
    whose incident became a security record (R-5.4.2-7)."""
    found = Problem.objects.select_related("declaration", "customer", "request__by", "acknowledged_by", "withdrawn_by")
    seen = Q(declaration__in=declarations(actor).order_by().values("pk"))
    if actor.holds(Role.PROBLEM_MANAGER):
        seen |= Q(declaration__restricted=False)
    return found.filter(seen).order_by("-raised_at", "-pk")


def unsigned_problem(declaration: Declaration) -> Problem | None:
    """The problem raised from it for which nobody in problem management has signed yet; one statement."""
    return Problem.objects.filter(declaration=declaration, acknowledged_at=None, withdrawn_at=None).first()


def problem_to_read(actor: Actor, number: str) -> Problem:
    """The problem with that number; raises Problem.DoesNotExist for an unknown and a foreign one alike."""
    if not NUMBER.fullmatch(number):
        raise Problem.DoesNotExist
    return problems(actor).get(number=number)


def incidents_of(actor: Actor, problem: Problem) -> list[Declaration]:
    """The incidents of the same problem that `actor` may see, the one that raised it first; one statement."""
    joined = Q(linked_to=problem.declaration_id, customer=problem.customer_id, leaf=problem.leaf)
    same = Q(pk=problem.declaration_id) | joined
    found = list(declarations(actor).filter(same).select_related("customer").order_by("received_at", "pk")[:LIMIT])
    return sorted(found, key=lambda row: row.pk != problem.declaration_id)
