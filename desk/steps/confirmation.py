"""The confirmation of the customer: who may give it, and in which form the contract wants it (A-23)."""

from __future__ import annotations

from typing import Any

from accounts.queries import contacts_of
from incidents.forms import VerbForm
from incidents.models import Declaration


def context(request: Any, declaration: Declaration, verb: str, form: VerbForm) -> dict[str, Any]:
    """Nothing beside the form; the reason shows only while somebody without the right is chosen, and is needed then."""
    reason_name = "unauthorised_confirmation_reason"
    offered = contacts_of(declaration.customer) if declaration.customer else []
    if not form.is_bound and all(each.may_confirm for each in offered):
        del form.fields[reason_name]
        return {}
    reason = form.fields[reason_name]
    reason.required = True
    reason.widget.attrs["class"] = "if-unentitled"
    return {}
