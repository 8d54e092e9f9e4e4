"""Whose figures somebody may read (design 4.10, clause 7)."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Customer, Role
from incidents.access import ENDED, declarations
from incidents.models import Declaration
from ledger.exceptions import NotPermitted

READERS = (Role.DEPARTMENT_HEAD, Role.SERVICE_DESK, Role.DUTY_DESK, Role.AUDITOR, Role.MANAGEMENT)
EVERYWHERE = (Role.AUDITOR, Role.MANAGEMENT)


def may_read(actor: Actor) -> bool:
    """Whether there are figures for this person at all."""
    return any(actor.holds(role) for role in READERS)


def require_read(actor: Actor) -> None:
    """Raise NotPermitted for who has no figures to read."""
    if not may_read(actor):
        raise NotPermitted(
            _("The figures are for the service desk, the head of department, auditors and management."), clause="7"
        )


def counted(actor: Actor) -> QuerySet[Declaration]:
    """The declarations that enter the figures of `actor`.

    The head's are those of the department, the desk's those of the own customers (of the duty desk also those of
    unknown callers), auditors' and management's those of all. Security records count only where the reader may open
    them (R-5.4.2-7).
    """
    return Declaration.objects.filter(_answered_for(actor, ended=Q(state__in=ENDED)))


def counted_when_ended(actor: Actor) -> Q:
    """The same of what is kept of records that have ended (`reports.models`)."""
    return _answered_for(actor, ended=Q(restricted=True))


def opens_all(actor: Actor) -> bool:
    """Whether this reader may open every record that enters the own figures; the others have some only to count."""
    return actor.is_system or not any(actor.holds(role) for role in EVERYWHERE)


def _answered_for(actor: Actor, *, ended: Q) -> Q:
    """As a condition; `ended` says of a security record that it has ended."""
    if actor.is_system:
        return Q()
    found = Q(department__in=actor.departments(Role.DEPARTMENT_HEAD))
    found |= Q(customer__in=actor.customers(Role.SERVICE_DESK))
    found |= Q(customer__isnull=True, department__in=actor.departments(Role.DUTY_DESK))
    if actor.holds(Role.AUDITOR):
        found |= Q(restricted=False) | ended
    elif actor.holds(Role.MANAGEMENT):
        found |= Q(restricted=False)
    return found


def opened(actor: Actor) -> QuerySet[Declaration]:
    """Those of them that `actor` may open: what the lists behind the figures show."""
    return counted(actor) & declarations(actor)


def customers(actor: Actor) -> QuerySet[Customer]:
    """The customers by whom `actor` may narrow the figures, each with its department, by their code."""
    found = Customer.objects.select_related("department").order_by("code")
    if any(actor.holds(role) for role in EVERYWHERE):
        return found
    own = Q(department__in=actor.departments(Role.DEPARTMENT_HEAD)) | Q(pk__in=actor.customers(Role.SERVICE_DESK))
    return found.filter(own)
