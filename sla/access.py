"""Who may read and change calendars and contracts.

`require_…` gives the grant that entitles (None for the system) or raises `NotPermitted`.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Held
from accounts.models import Customer, Role
from ledger.exceptions import NotPermitted, Sentence
from sla.models import Contract

KEEPERS = _("Only an administrator or the head of the department may change contracts.")
CONTRACT_READERS = (Role.ADMINISTRATOR, Role.DEPARTMENT_HEAD, Role.SERVICE_DESK, Role.AUDITOR)
CALENDAR_READERS = (Role.ADMINISTRATOR, Role.DOCUMENT_OWNER, Role.DEPARTMENT_HEAD)


def may_read_calendars(actor: Actor) -> bool:
    """Administrators keep them, the document owner and the heads look at them."""
    return any(actor.holds(role) for role in CALENDAR_READERS)


def may_keep_calendars(actor: Actor) -> bool:
    """Calendars belong to the whole firm, so only an administrator changes them."""
    return actor.is_system or actor.holds(Role.ADMINISTRATOR) is not None


def require_read_calendars(actor: Actor) -> None:
    """Raise `NotPermitted` unless calendars are shown to the person."""
    if not may_read_calendars(actor):
        raise NotPermitted(_("Calendars are shown to administrators, the document owner and heads of department."))


def require_keep_calendars(actor: Actor) -> Held | None:
    """The administrator's grant."""
    held = actor.holds(Role.ADMINISTRATOR)
    return _entitled(actor, held, _("Only an administrator may change a calendar."))


def _entitled(actor: Actor, held: Held | None, sentence: Sentence) -> Held | None:
    if held is None and not actor.is_system:
        raise NotPermitted(sentence, clause="5.4.3")
    return held


def may_apply_changes(actor: Actor) -> bool:
    """Heads apply what changed to the open records of their department."""
    return actor.holds(Role.DEPARTMENT_HEAD) is not None


def may_keep_contracts(actor: Actor) -> bool:
    """Administrators keep all contracts, heads those of their department."""
    return actor.is_system or any(actor.holds(role) for role in (Role.ADMINISTRATOR, Role.DEPARTMENT_HEAD))


def require_keep_contracts(actor: Actor) -> None:
    """Raise `NotPermitted` for people who keep no contract."""
    if not may_keep_contracts(actor):
        raise NotPermitted(KEEPERS, clause="5.4.3")


def require_read_contracts(actor: Actor) -> None:
    """Raise `NotPermitted` for people to whom no contract is shown."""
    if not any(actor.holds(role) for role in CONTRACT_READERS):
        raise NotPermitted(_("Contracts are shown to administrators, heads of department, desks and auditors."))


def may_keep_contract(actor: Actor, customer: Customer) -> bool:
    """Whether this customer's contracts are the person's to keep."""
    return _keeper(actor, customer) is not None


def _keeper(actor: Actor, customer: Customer) -> Held | None:
    """The grant of an administrator, or of the head of the department that owns the contract (A-12)."""
    return actor.holds(Role.ADMINISTRATOR) or actor.holds(Role.DEPARTMENT_HEAD, department_id=customer.department_id)


def require_keep_contract(actor: Actor, customer: Customer) -> Held | None:
    """The grant that entitles to change contracts of this customer."""
    return _entitled(actor, _keeper(actor, customer), KEEPERS)


def contracts(actor: Actor) -> QuerySet[Contract]:
    """Every contract that `actor` may read: of the own department as its head, of the own customers as their desk."""
    if actor.is_system or actor.holds(Role.ADMINISTRATOR) or actor.holds(Role.AUDITOR):
        return Contract.objects.all()
    headed, served = actor.departments(Role.DEPARTMENT_HEAD), actor.customers(Role.SERVICE_DESK)
    return Contract.objects.filter(Q(customer__department__in=headed) | Q(customer__in=served))


def customers_to_contract(actor: Actor) -> QuerySet[Customer]:
    """The customers for whom `actor` may enter a contract."""
    if actor.is_system or actor.holds(Role.ADMINISTRATOR):
        return Customer.objects.filter(merged_into=None)
    return Customer.objects.filter(merged_into=None, department__in=actor.departments(Role.DEPARTMENT_HEAD))
