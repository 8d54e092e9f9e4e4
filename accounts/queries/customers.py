"""Customers, by who serves them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import local_day
from accounts.models import Customer, Role, RoleGrant
from base.clock import now


def customers_without_desk() -> QuerySet[Customer]:
    """Customers in service scope of whom nobody is the service desk from today on, by code."""
    standing = RoleGrant.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=local_day(now())),
        role=Role.SERVICE_DESK,
        customer=OuterRef("pk"),
        user__is_active=True,
    )
    return Customer.objects.filter(~Exists(standing), in_service_scope=True).order_by("code")


def desk_grants(customer: Customer) -> list[RoleGrant]:
    """Who is service desk of the customer beyond today; one statement."""
    held = RoleGrant.objects.filter(customer=customer, role=Role.SERVICE_DESK).select_related("user").order_by("pk")
    return [grant for grant in held if grant.ends_on is None or grant.ends_on > local_day(now())]
