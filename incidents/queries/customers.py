"""Whose customers somebody deals with."""

from __future__ import annotations

from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.actors import Actor
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


def handlers_of(customers: QuerySet[Customer], limit: int) -> tuple[list[Customer], dict[str, tuple[int, str]]]:
    """The first customers, and whoever is or was project manager of one, by employee number: key and name.

    One query, which reads up to `limit` pairs of a customer and somebody who had that role for it.
    """
    rows = customers.annotate(
        desk=FilteredRelation("grants", condition=Q(grants__role=Role.SERVICE_DESK)),
        handler_key=F("desk__user"),
        handler_number=F("desk__user__employee_number"),
        handler_name=F("desk__user__name"),
    )
    found: dict[int, Customer] = {}
    handlers: dict[str, tuple[int, str]] = {}
    for row in rows[:limit]:
        found[row.pk] = row
        if row.handler_key is not None:
            handlers[row.handler_number] = (row.handler_key, row.handler_name)
    return list(found.values()), dict(sorted(handlers.items()))
