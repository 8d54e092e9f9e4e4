"""Whose customers somebody deals with, and the records of one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from accounts.actors import Actor
from accounts.models import Customer, Role
from incidents.access import declarations
from incidents.models import OPEN_STATES, Declaration
from incidents.queries.listing import SHOWN

# What `desk.customers.promises` reads of a record.
PROMISING = (
    *("number", "subject", "state", "restricted", "priority", "received_at", "procedure_version_id"),
    *("first_response_at", "response_clock__due_at", "due_at", "resolved_at", "clock_stands", "communicated_at"),
    *("head_agrees", "risk_control_agrees", "customer_answered_at"),
)
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


def open_of(actor: Actor, customer: Customer, limit: int) -> list[Declaration]:
    """The customer's open records that `actor` may see, what is due first; one statement by `declaration_customer`."""
    found = _shown(actor, customer=customer).filter(state__in=sorted(OPEN_STATES))
    return list(found.order_by(F("shown_due_at").asc(nulls_last=True), "received_at", "pk")[:limit])


def latest_of(actor: Actor, customer: Customer, limit: int) -> list[Declaration]:
    """The records of the customer and of those merged into it that `actor` may see, the last received first.

    One statement by `declaration_customer`. What was merged widens nothing: each record is judged by itself.
    """
    both = Customer.objects.filter(Q(pk=customer.pk) | Q(merged_into=customer)).order_by().values("pk")
    return list(_shown(actor, customer__in=both).order_by("-received_at", "-pk")[:limit])


def promising_of(actor: Actor, customer: Customer, limit: int) -> list[Declaration]:
    """The customer's open records that `actor` may see with what they promise, due first; one statement."""
    found = declarations(actor).filter(customer=customer, state__in=sorted(OPEN_STATES)).only(*PROMISING)
    found = found.select_related("response_clock")
    return list(found.order_by(F("shown_due_at").asc(nulls_last=True), "received_at", "pk")[:limit])


def received_by_type(actor: Actor, customer: Customer, since: datetime) -> list[tuple[str, int]]:
    """How many records of each type were received since then, of those that `actor` may see; one statement."""
    found = declarations(actor).filter(customer=customer, received_at__gte=since).order_by()
    return list(found.values_list("type").annotate(received=Count("pk")).order_by("-received", "type"))


def _shown(actor: Actor, **of_customer: Any) -> QuerySet[Declaration]:
    return declarations(actor).filter(**of_customer).only(*SHOWN).select_related("customer", "handler", "desk")
