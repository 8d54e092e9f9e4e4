"""Which problems somebody may see."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.acting import Actor
from accounts.models import Role
from escalation.models import Problem
from incidents.access import declarations


def problems(actor: Actor) -> QuerySet[Problem]:
    """The problems that `actor` may see, newest first: those of visible records, for problem management all but those
    whose incident became a security record (R-5.4.2-7)."""
    found = Problem.objects.select_related("declaration", "customer", "request__by", "acknowledged_by", "withdrawn_by")
    seen = Q(declaration__in=declarations(actor).order_by().values("pk"))
    if actor.holds(Role.PROBLEM_MANAGER):
        seen |= Q(declaration__restricted=False)
    return found.filter(seen).order_by("-raised_at", "-pk")
