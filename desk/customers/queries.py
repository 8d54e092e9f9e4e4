"""Which customers somebody may look at, and how they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts import access
from accounts.actors import Actor, local_day
from accounts.models import Contact, ContactPoint, Customer, Department, Role, RoleGrant, User
from accounts.queries import has_number
from base.clock import now
from base.paging import Order, Page, page
from base.phones import numbers
from search.queries import matching
from sla.models import Contract

LARGEST_KEY = 2**31
FEWEST_DIGITS = 4


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; `desk` is an employee number, `department` a code, unknown ones find nothing."""

    text: str = ""
    department: str = ""
    desk: str = ""
    without_contract: bool = False

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.department or self.desk or self.without_contract)


@dataclass(frozen=True)
class Row:
    """One customer of the list: the contract in force and the service desk of today, if it has them."""

    customer: Customer
    contract: Contract | None
    desk: User | None


def readable(actor: Actor, key: int) -> Customer | None:
    """The customer with its department, if `actor` may look at it; one row."""
    if key >= LARGEST_KEY:
        return None
    return access.customers(actor).select_related("department", "merged_into").filter(pk=key).first()


def contact_of(customer: Customer, key: int) -> Contact | None:
    """The contact with that key, if it is one of the customer's; one row."""
    return customer.contacts.filter(pk=key).first() if key < LARGEST_KEY else None


def people_of(customer: Customer) -> list[Contact]:
    """All contacts, those who may confirm first, then who left and who was merged, with all numbers; two statements."""
    found = customer.contacts.order_by("-is_active", F("merged_into").asc(nulls_first=True), "-may_confirm", "code")
    return list(found.select_related("merged_into").prefetch_related("points"))


def merged_into(customer: Customer) -> list[Customer]:
    """The customers that were merged into this one, by code; one statement."""
    return list(customer.merged.order_by("code"))


def points_of(contact: Contact) -> list[ContactPoint]:
    """The further numbers and addresses of a contact; one statement."""
    return list(contact.points.all())


def customer_page(actor: Actor, asked: Asked, cursor: str = "") -> Page[Row]:
    """One page of customers by code; three statements, whatever their number.

    Words are searched by the index of customers and contacts, digits by one pass over the contacts.
    """
    found = page(_narrowed(actor, asked).select_related("department", "merged_into"), Order("code"), cursor)
    contracts, desks = _contracts(found.rows), desks_today(found.rows)
    return found.showing(lambda each: Row(each, contracts.get(each.pk), desks.get(each.pk)))


def departments_of(actor: Actor) -> list[Department]:
    """The departments whose customers `actor` reads, by their code; one statement."""
    own = access.customers(actor).order_by().values("department")
    return list(Department.objects.filter(pk__in=own).order_by("code"))


def desks_of(actor: Actor) -> list[User]:
    """Who is service desk of a customer that `actor` reads, by employee number; one statement."""
    held = _desk_grants().filter(customer__in=access.customers(actor).order_by().values("pk"))
    return list(User.objects.filter(pk__in=held.values("user")).order_by("employee_number"))


def desks_today(customers: Sequence[Customer]) -> dict[int, User]:
    """The service desk of each customer that has one today; one statement."""
    held = _desk_grants().filter(customer__in=[each.pk for each in customers]).select_related("user")
    return {grant.customer_id: grant.user for grant in held if grant.customer_id}


def _narrowed(actor: Actor, asked: Asked) -> QuerySet[Customer]:
    """Those that were merged only where their words are asked for."""
    found = access.customers(actor)
    found = found.filter(_holds(asked.text)) if asked.text else found.filter(merged_into=None)
    if asked.department:
        found = found.filter(department__code=asked.department)
    if asked.desk:
        held = _desk_grants().filter(user__employee_number=asked.desk)
        found = found.filter(pk__in=held.values("customer"))
    if asked.without_contract:
        covered = Contract.objects.in_force(local_day(now())).filter(customer=OuterRef("pk"))
        found = found.filter(~Exists(covered))
    return found


def _holds(text: str) -> Q:
    """Customers whose code or name holds the words, or who have a contact that does, or one with these digits."""
    customers, contacts = matching(Customer.stream_kind, text), matching(Contact.stream_kind, text)
    people = [has_number(each) for each in numbers(text) if len(each) >= FEWEST_DIGITS]
    people += [Q(pk__in=contacts)] if contacts else []
    found = Q(pk__in=customers) if customers else Q(pk__in=[])
    if people:
        found |= Q(pk__in=Contact.objects.filter(reduce(or_, people)).order_by().values("customer"))
    return found


def _contracts(customers: Sequence[Customer]) -> dict[int, Contract]:
    """The contract in force of each customer, the latest begun of several; one statement."""
    in_force = Contract.objects.in_force(local_day(now())).filter(customer__in=[each.pk for each in customers])
    return {each.customer_id: each for each in in_force.order_by("starts_on", "pk")}


def _desk_grants() -> QuerySet[RoleGrant]:
    return RoleGrant.objects.in_force(local_day(now())).filter(role=Role.SERVICE_DESK)
