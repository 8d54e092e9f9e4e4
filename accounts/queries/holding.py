"""Everybody who holds certain roles, as a condition on people: `actors.actor_for` asked the other way round."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from accounts.actors import local_day
from accounts.models import Customer, Delegation, Role, RoleGrant
from base.clock import now


def holding(granted: Q, at: datetime | None = None) -> Q:
    """Who holds at that moment (default now) a grant for which `granted` is true, also in somebody's place.

    Part of another statement, by `grant_role_scope` and over the few absences that run.
    """
    at = at or now()
    fitting = RoleGrant.objects.in_force(local_day(at)).filter(granted)
    lent = Delegation.objects.filter(
        Q(department=None) | Q(department=F("from_user__grants__department")),
        Q(customer=None) | Q(customer=F("from_user__grants__customer")),
        from_user__grants__in=fitting.order_by().values("pk"),
        role=F("from_user__grants__role"),
        starts_at__lte=at,
        ends_at__gt=at,
        declined_at=None,
    )
    return Q(pk__in=fitting.order_by().values("user")) | Q(pk__in=lent.order_by().values("to_user"))


def serving(customer: int | None, at: datetime | None = None) -> Q:
    """The grants that make somebody this customer's service desk: where nobody is, those of the duty desk."""
    day = local_day(at or now())
    desks = RoleGrant.objects.in_force(day).filter(role=Role.SERVICE_DESK, customer=OuterRef("pk"))
    served = Customer.objects.filter(pk__in=[] if customer is None else [customer], in_service_scope=True)
    without = served.filter(~Exists(desks))
    on_duty = Q(role=Role.DUTY_DESK, department__in=without.order_by().values("department"))
    return Q(role=Role.SERVICE_DESK, customer=customer) | on_duty
