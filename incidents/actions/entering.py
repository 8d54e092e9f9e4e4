"""What was typed of a caller, made into a contact of the customer (clause 5.4.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.access import may_enter_contacts
from accounts.actions import create_contact
from accounts.actors import Actor
from accounts.models import Contact, Customer
from accounts.queries import reached_by
from base.phones import is_mobile, normalised
from incidents.models import Declaration
from ledger.exceptions import Invalid


def typed_caller(declaration: Declaration) -> dict[str, str]:
    """What the record tells of its caller: name, number and e-mail address, each as it was typed."""
    means, number = declaration.contact_means, declaration.caller_phone
    email = means if "@" in means else ""
    return {"name": declaration.caller_name, "number": number or ("" if email else means), "email": email}


def enter_contact(
    customer: Customer, *, actor: Actor, name: str, number: str, email: str = "", title: str = ""
) -> Contact:
    """Add a contact with the one number of a caller; raises whatever `create_contact` raises."""
    kept = normalised(number)
    given: dict[str, Any] = {"email": email, "title": title, "mobile" if is_mobile(kept) else "phone": kept}
    return create_contact(actor=actor, customer=customer, name=name.strip(), **given)


def known_caller(customer: Customer, name: str, number: str) -> Contact | None:
    """The contact of that name who has that number already; one statement."""
    kept = normalised(number)
    found = customer.contacts.filter(reached_by([kept]), name=name.strip(), is_active=True) if kept else None
    return found.first() if found is not None else None


def caller_as_contact(declaration: Declaration, *, actor: Actor) -> Contact | None:
    """The caller who was typed, as a contact of the record's customer, entered now unless it is one already.

    Raises `Invalid` where the person may not enter contacts of that customer, or what was typed makes none.
    """
    customer, typed = declaration.customer, typed_caller(declaration)
    if customer is None or not typed["name"]:
        return None
    if not may_enter_contacts(actor, customer):
        raise Invalid({"enters_caller": [_("Only the customer's service desk enters contacts. Ask it to.")]})
    try:
        known = known_caller(customer, typed["name"], typed["number"])
        return known or enter_contact(customer, actor=actor, **typed)
    except Invalid as refused:
        raise Invalid({"enters_caller": [each for found in refused.errors.values() for each in found]}) from refused
