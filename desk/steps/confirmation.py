"""The confirmation of the customer: who may give it, and in which form the contract wants it (A-23)."""

from __future__ import annotations

from typing import Any

from accounts.models import Contact
from accounts.queries import contacts_of
from incidents.forms import VerbForm
from incidents.models import Declaration, Way


def opening(declaration: Declaration) -> dict[str, str]:
    """What the form begins with: the contact of the record if entitled, else whoever is, and the way that is asked."""
    contact = _entitled(declaration)
    found = {"contact": contact.code} if contact else {}
    if declaration.written_confirmation_due and not declaration.confirmed_in_writing:
        found["way"] = Way.SIGNED_SCAN.value
    return found


def _entitled(declaration: Declaration) -> Contact | None:
    own = declaration.contact
    if declaration.customer is None or (own is not None and own.may_confirm):
        return own
    return next((each for each in contacts_of(declaration.customer) if each.may_confirm), own)


def context(request: Any, declaration: Declaration, verb: str, form: VerbForm) -> dict[str, Any]:
    """Nothing beside the form; the reason shows only while somebody without the right is chosen, and is needed then."""
    asked = "unauthorised_confirmation_reason"
    offered = contacts_of(declaration.customer) if declaration.customer else []
    if not form.is_bound and all(each.may_confirm for each in offered):
        del form.fields[asked]
        return {}
    reason = form.fields[asked]
    reason.required = True
    reason.widget.attrs["class"] = "if-unentitled"
    return {}
