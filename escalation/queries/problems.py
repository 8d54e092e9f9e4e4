"""Which problems somebody may see."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.acting import Actor
from accounts.models import Role
from escalation.models import Problem
from incidents.access import declarations


def problems(actor: Actor) -> QuerySet[Problem]:
    """The problems that `actor` may see, newest first: all for problem management, else those of visible records."""
    found = Problem.objects.select_related("declaration", "customer", "request__by", "acknowledged_by", "withdrawn_by")
    if not actor.holds(Role.PROBLEM_MANAGER):
        found = found.filter(declaration__in=declarations(actor).order_by().values("pk"))
    return found.order_by("-raised_at", "-pk")
