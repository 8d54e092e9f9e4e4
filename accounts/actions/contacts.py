"""The contacts of customers, with all their numbers and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts import access
from accounts.actions.checks import assign, checked, refuse_merged
from accounts.actors import Actor, local_day
from accounts.models import Contact, ContactPoint, Customer
from base.clock import now
from base.phones import normalised
from ledger.actions import RecordChange, again_if_raced, attempt, create, step
from ledger.exceptions import Invalid
from search.actions import index

CLAUSE = "5.4.2"
# Further numbers and addresses of one contact, as people enter them; merging may leave more.
MOST_POINTS = 10
FIELDS = frozenset({"name", "title", "phone", "mobile", "email", "may_confirm", "is_active", "left_on", "language"})


class Point(NamedTuple):
    """A further number or address, of a `ContactPoint.Kind`."""

    kind: str
    value: str
    note: str = ""

    def kept(self) -> Point:
        """As it is stored: numbers `normalised`."""
        return self._replace(value=normalised(self.value)) if self.kind == ContactPoint.Kind.PHONE else self


@again_if_raced
def create_contact(
    *, actor: Actor, customer: Customer, name: str, code: str = "", points: Sequence[Point] = (), **values: object
) -> Contact:
    """Add a contact, with numbers kept as `normalised`; without a code the next of the customer is taken ("C01-P3")."""
    with attempt(actor.signature(), action="create_contact", stream="contact:new", clause=CLAUSE) as tried:
        if values.get("may_confirm"):
            held = access.require_keep_contact(actor, customer, entitling=True)
        else:
            held = access.require_enter_contact(actor, customer)
        tried.signature = actor.signature(held)
        refuse_merged(customer)
        contact = Contact(customer=customer, name=name, code=code or _next_code(customer))
        assign(contact, _tidy(contact, values), FIELDS)
        checked(contact)
        with create(contact, signature=tried.signature, action="create_contact", clause=CLAUSE) as begun:
            keep_points(begun, points)
            make_contact_findable(contact)
            return contact


@again_if_raced
def change_contact(
    contact: Contact, *, actor: Actor, version: int | None, points: Sequence[Point] | None = None, **values: object
) -> Contact:
    """Change a contact; to give or take the right to confirm is the head's or an administrator's.

    `points` are all further numbers and addresses from now on; None leaves them alone. With `left_on` the person has
    left and is offered no more, without it is back.
    """
    with step(
        Contact, contact.pk, version=version, signature=actor.signature(), action="change_contact", clause=CLAUSE
    ) as taken:
        refuse_merged(taken.record)
        could_confirm = taken.record.may_confirm
        assign(taken.record, _tidy(taken.record, values), FIELDS)
        entitling = taken.record.may_confirm != could_confirm
        held = access.require_keep_contact(actor, taken.record.customer, entitling=entitling)
        taken.signature = actor.signature(held)
        checked(taken.record)
        if points is not None:
            keep_points(taken, points)
        make_contact_findable(taken.record)
    return taken.record


def add_number(contact: Contact, *, actor: Actor, number: str) -> Contact:
    """Keep one more number of a contact; one that the contact has already changes nothing, and no entry is made."""
    point = Point(ContactPoint.Kind.PHONE, number).kept()
    if not point.value or point.value in numbers_of(contact):
        return contact
    with step(
        Contact, contact.pk, version=None, signature=actor.signature(), action="change_contact", clause=CLAUSE
    ) as taken:
        taken.signature = actor.signature(access.require_keep_contact(actor, taken.record.customer, entitling=False))
        refuse_merged(taken.record)
        standing = [Point(row.kind, row.value, row.note) for row in taken.record.points.all()]
        keep_points(taken, [*standing, point])
    return taken.record


def numbers_of(contact: Contact) -> set[str]:
    """All numbers of the contact as they are kept; one statement."""
    further = contact.points.filter(kind=ContactPoint.Kind.PHONE).values_list("value", flat=True)
    return {contact.mobile, contact.phone, *further} - {""}


def make_contact_findable(contact: Contact) -> None:
    """Let the contact be found by name and by the customer's."""
    index(Contact.stream_kind, contact.pk, title=contact.name, text=contact.customer.name, at=now())


def keep_points(taken: RecordChange[Contact], points: Sequence[Point]) -> None:
    """Bring the further numbers and addresses to these; what stands on the contact itself is none of them."""
    own = {taken.record.mobile, taken.record.phone, taken.record.email}
    wanted = {(each.kind, each.value): each for each in (point.kept() for point in points) if each.value not in own}
    standing = {(row.kind, row.value): row for row in taken.record.points.all()}
    for key, point in wanted.items():
        if key in standing:
            taken.track(standing[key]).note = point.note
        else:
            row = ContactPoint(contact=taken.record, **point._asdict())
            checked(row, leave_out=("digits",))
            taken.add(row)
    taken.remove(*(row for key, row in standing.items() if key not in wanted))


def _next_code(customer: Customer) -> str:
    Customer.objects.select_for_update().get(pk=customer.pk)
    beginning = f"{customer.code}-P"
    taken = set(customer.contacts.values_list("code", flat=True))
    return next(code for code in (f"{beginning}{n}" for n in range(1, len(taken) + 2)) if code not in taken)


def _tidy(standing: Contact, values: dict[str, object]) -> dict[str, object]:
    numbers = {name: values[name] for name in ("phone", "mobile") if name in values}
    found = values | {name: normalised(str(number)) for name, number in numbers.items()}
    left = values.get("left_on")
    if isinstance(left, date) and left > local_day(now()):
        raise Invalid({"left_on": [_("This day lies ahead. Enter it once the person has left.")]})
    if "left_on" in values and left != standing.left_on:
        found["is_active"] = left is None
    return found
