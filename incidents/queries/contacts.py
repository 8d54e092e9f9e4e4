"""Who is calling: contacts while one types, and what the desk has to know about the chosen one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog
from django.db.models import Count, F

from accounts import queries as accounts
from accounts.actors import Actor, local_day
from accounts.models import Contact, Customer, Role, User
from base.clock import now
from base.phones import candidates
from incidents.access import capacities, declarations
from incidents.models import OPEN_STATES, Capacity, Declaration
from incidents.queries.customers import customers_in_sight
from sla.models import Contract

log = structlog.get_logger(__name__)
OPEN = sorted(OPEN_STATES)
SHOWN_OPEN = 5


@dataclass(frozen=True)
class Hit:
    """A contact that may be calling; `contract` is the one in force, else the last one, where the reader may see it."""

    contact: Contact
    open_cases: int
    contract: Contract | None
    in_force: bool
    in_sight: bool


@dataclass(frozen=True)
class Caller:
    """All that stands beside the call of a known contact; of the open cases the `SHOWN_OPEN` due first.

    What is not `in_sight` shows company and desk, so that the call can be passed on, and neither contract nor number.
    """

    contact: Contact
    in_sight: bool
    contract: Contract | None
    in_force: bool
    desk: User | None
    may_confirm: list[Contact] = field(default_factory=list)
    open_cases: list[Declaration] = field(default_factory=list)
    open_count: int = 0


def hits(actor: Actor, text: str) -> list[Hit]:
    """The contacts who may be calling (`accounts.queries.find_contacts`); four queries, whatever their number.

    Those at the actor's own customers stand first; only a desk is told of others, whose calls it passes on. Cases that
    `actor` may not see are not counted. What was shown to whom is logged.
    """
    own = customers_in_sight(actor)
    contacts = accounts.find_contacts(text, own=own, others=_is_desk(actor))
    if not contacts:
        return []
    customers = {contact.customer_id for contact in contacts}
    in_sight = set(own.filter(pk__in=customers).order_by().values_list("pk", flat=True))
    log_shown(actor, contacts)
    seen = declarations(actor).filter(customer__in=customers, state__in=OPEN).order_by()
    counted = dict(seen.values_list("customer_id").annotate(Count("pk")))
    contracts = _contracts(in_sight)
    found = []
    for contact in contacts:
        contract, in_force = contracts.get(contact.customer_id, (None, False))
        is_seen, cases = contact.customer_id in in_sight, counted.get(contact.customer_id, 0)
        found.append(Hit(contact, cases, contract, in_force=in_force, in_sight=is_seen))
    return found


def caller(actor: Actor, contact: Contact) -> Caller:
    """What belongs to the contact's company: contract, desk, who may confirm, open cases; five queries.

    That it was shown is logged.
    """
    in_sight = customers_in_sight(actor).filter(pk=contact.customer_id).exists()
    shown = {contact.customer_id} if in_sight else set()
    contract, in_force = _contracts(shown).get(contact.customer_id, (None, False))
    log_shown(actor, [contact])
    seen = declarations(actor).filter(customer=contact.customer_id, state__in=OPEN)
    cases = list(seen.order_by(F("shown_due_at").asc(nulls_last=True), "received_at")[: SHOWN_OPEN * 4])
    return Caller(
        contact=contact,
        in_sight=in_sight,
        contract=contract,
        in_force=in_force,
        desk=accounts.desk_of(contact.customer),
        may_confirm=[other for other in accounts.contacts_of(contact.customer) if other.may_confirm and in_sight],
        open_cases=cases[:SHOWN_OPEN],
        open_count=len(cases),
    )


def known_contact(actor: Actor, contact_id: int) -> Contact | None:
    """An active contact with customer and department, as far as `actor` is told of it; one row."""
    contacts = Contact.objects.select_related("customer__department").filter(pk=contact_id, is_active=True)
    if not _is_desk(actor):
        contacts = contacts.filter(customer__in=customers_in_sight(actor).order_by().values("pk"))
    return contacts.first()


def contact_by_phone(text: str) -> Contact | None:
    """The one active contact with exactly this number, however it was typed or shown; None for nobody or several."""
    numbers = [number for number in candidates(text) if number]
    if not numbers:
        return None
    contacts = Contact.objects.select_related("customer__department").filter(is_active=True)
    found = list(contacts.filter(accounts.reached_by(numbers))[:2])
    return found[0] if len(found) == 1 else None


def is_desk_for(actor: Actor, customer: Customer | None) -> bool:
    """Whether `actor` accepts calls of this customer, or of unknown callers; everybody else relays them (A-13)."""
    if actor.user is None:
        return False
    department = customer.department_id if customer else actor.user.department_id
    row = Declaration(customer_id=customer.pk if customer else None, department_id=department)
    return Capacity.DESK in capacities(actor, row)


def _is_desk(actor: Actor) -> bool:
    return bool(actor.holds(Role.SERVICE_DESK) or actor.holds(Role.DUTY_DESK))


def log_shown(actor: Actor, contacts: Iterable[Contact]) -> None:
    """Whose data were shown to whom, by codes alone: the log holds neither names nor numbers."""
    reader = actor.user.employee_number if actor.user else ""
    log.info("contacts_shown", reader=reader, contacts=[contact.code for contact in contacts])


def _contracts(customers: set[int]) -> dict[int, tuple[Contract, bool]]:
    """Of each customer the contract in force, else the one that ended last; one query."""
    today = local_day(now())
    found: dict[int, tuple[Contract, bool]] = {}
    for contract in Contract.objects.filter(customer__in=customers, starts_on__lte=today).order_by("ends_on", "pk"):
        found[contract.customer_id] = (contract, contract.in_force(today))
    return found
