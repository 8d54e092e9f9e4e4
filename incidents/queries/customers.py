"""Whose customers somebody deals with."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.acting import Actor
from accounts.models import Customer, Role

EVERYWHERE = (Role.AUDITOR, Role.MANAGEMENT, Role.RISK_CONTROL)
IN_DEPARTMENT = (Role.DEPARTMENT_HEAD, Role.DUTY_DESK, Role.CUSTODIAN)


def customers_in_sight(actor: Actor) -> QuerySet[Customer]:
    """The customers by which `actor` can narrow a list, each with its department, by their code."""
    found = Customer.objects.select_related("department").order_by("code")
    if not any(actor.holds(role) for role in EVERYWHERE):
        own = Q(department__in=actor.departments(*IN_DEPARTMENT)) | Q(pk__in=actor.customers(Role.SERVICE_DESK))
        if actor.user is not None and actor.holds(Role.SERVICE_DESK):
            own |= Q(department=actor.user.department_id)
        found = found.filter(own)
    return found
