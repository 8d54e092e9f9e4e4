"""The customer's word: who may give it, in which form the contract wants it (A-23), and whether it ends the record."""

from __future__ import annotations

from typing import Any

from accounts.queries import contacts_of
from incidents.access import closes_with_agreement
from incidents.forms import VerbForm
from incidents.forms.handling import AGREEMENT
from incidents.models import Declaration

REASON = "unauthorised_confirmation_reason"


def context(request: Any, declaration: Declaration, verb: str, form: VerbForm) -> dict[str, Any]:
    """Nothing beside the form; it asks only what can be answered here, unless that has been answered already."""
    if "agreed" in form.fields:
        offer(form, declaration)
        return {}
    _offer_closing(form, declaration)
    if not form.is_bound and all_entitled(declaration):
        del form.fields[REASON]
        return {}
    reason = form.fields[REASON]
    reason.required = True
    reason.widget.attrs["class"] = "if-unentitled"
    return {}


def offer(form: VerbForm, declaration: Declaration) -> None:
    """Leave the questions of an agreement on the line in the form of a solution only where it can end the record."""
    in_writing = declaration.written_confirmation_due and not declaration.confirmed_in_writing
    if not form.is_bound and (in_writing or not closes_with_agreement(form.actor, declaration)):
        for name in AGREEMENT:
            del form.fields[name]
    elif not form.is_bound and all_entitled(declaration):
        del form.fields[REASON]
    for name in AGREEMENT[1:]:
        if name in form.fields:
            form.fields[name].widget.attrs["class"] = "if-agreed"


def all_entitled(declaration: Declaration) -> bool:
    """Whether everybody who can be named has the right to confirm."""
    offered = contacts_of(declaration.customer) if declaration.customer else []
    return all(each.may_confirm for each in offered)


def _offer_closing(form: VerbForm, declaration: Declaration) -> None:
    if form.is_bound:
        return
    if closes_with_agreement(form.actor, declaration):
        form.fields["closes"].initial = True
    else:
        del form.fields["closes"]
