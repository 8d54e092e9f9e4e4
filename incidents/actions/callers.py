"""Who called, told by the register: a caller who was typed is tied to a contact of the customer (clause 5.4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.actions import add_number
from accounts.actors import Actor
from accounts.models import Contact, Customer
from incidents.actions.entering import enter_contact, known_caller
from incidents.actions.finding import make_findable
from incidents.actions.scope import registered_means
from incidents.actions.steps import foreign_contact, require, working
from incidents.models import Declaration
from ledger.actions import RecordChange
from ledger.exceptions import Invalid, Sentence


def enter_caller(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    name: str,
    number: str = "",
    email: str = "",
    title: str = "",
) -> Declaration:
    """Enter the caller among the customer's contacts and tie the record to that contact; both or neither.

    Raises Invalid for a contact of that name who has that number already: the record is tied to that one instead.
    """
    with working(declaration_id, "enter_caller", version=version, actor=actor) as step:
        customer = step.record.customer
        assert customer is not None
        require(name=None if name.strip() else _("Write the caller's name."), number=_known(customer, name, number))
        with _named_as_typed():
            made = enter_contact(customer, actor=actor, name=name, number=number, email=email, title=title)
        _note(step, made)
        step.record.enter_caller(contact=made, contact_means=means_of(step.record, made))
        make_findable(step.record)
    return step.record


def _known(customer: Customer, name: str, number: str) -> Sentence | None:
    if known_caller(customer, name, number) is None:
        return None
    return _("%(name)s is a contact with this number already: tie the record to that contact.") % {"name": name}


@contextmanager
def _named_as_typed() -> Iterator[None]:
    """What the contact's own fields refuse stands at the one number of the form."""
    try:
        yield
    except Invalid as refused:
        names = {"mobile": "number", "phone": "number"}
        raise Invalid({names.get(name, name): each for name, each in refused.errors.items()}) from refused


def tie_contact(
    declaration_id: int, *, version: int | None, actor: Actor, contact: Contact, keep_number: bool = False
) -> Declaration:
    """Say which contact of the customer called, also in place of a wrong one (R-5.4.2-2).

    Name and number stay as they were typed. With `keep_number` the number becomes a further one of the contact.
    """
    with working(declaration_id, "tie_contact", version=version, actor=actor) as step:
        require(contact=problem_of_contact(step.record, contact))
        if keep_number:
            add_number(contact, actor=actor, number=step.record.caller_phone)
        _note(step, contact)
        step.record.tie_contact(contact=contact, contact_means=means_of(step.record, contact))
        make_findable(step.record)
    return step.record


def problem_of_contact(declaration: Declaration, contact: Contact | None) -> Sentence | None:
    """The sentence for whom the record cannot be tied to."""
    if contact is None:
        return _("Choose who called.")
    if not contact.is_active:
        return _("%(name)s is offered no more. Choose another contact.") % {"name": contact.name}
    if contact.pk == declaration.contact_id:
        return _("%(name)s stands on the record already. Choose another contact.") % {"name": contact.name}
    return foreign_contact(declaration, contact)


def _note(step: RecordChange[Declaration], contact: Contact) -> None:
    """Names as they are now, since the time line tells of them whatever becomes of the contacts."""
    before = step.record.contact
    step.note(contact=contact.stream, name=contact.name, before=before.name if before else step.record.caller_name)


def means_of(declaration: Declaration, contact: Contact) -> str:
    """What was typed stays; what the register said of the contact before does not reach this one."""
    own, before = declaration.contact_means, declaration.contact
    taken_over = before is not None and own in (before.mobile, before.phone, before.email)
    return registered_means(contact) if taken_over or not own else own
