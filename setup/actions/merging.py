"""Two entries for the same become one: the entries themselves and all that is open, in one transaction."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

import accounts.actions
from accounts.actors import Actor
from accounts.models import Contact, Customer
from incidents.actions import hand_on_to_contact, hand_on_to_customer
from incidents.models import Declaration
from incidents.queries.merging import open_of_customer, open_with_contact
from ledger.actions import attempt
from ledger.exceptions import NotPossible
from setup.queries.merging import customer_merging, digest_of
from sla.actions import hand_on_contract

CLAUSE = "5.4.2"


def merge_contacts(gone: Contact, kept: Contact, *, actor: Actor, digest: str) -> Contact:
    """Let one contact go on for both; all or nothing, and only what `digest` of the preview told.

    Raises `NotPossible` where something has changed since, and whatever `accounts.actions.merge_contact` raises.
    """
    with attempt(actor.signature(), action="merge_contact", stream=gone.stream, clause=CLAUSE):
        keys = _locked(open_with_contact(gone))
        rows = accounts.actions.lock_contacts(gone, kept)
        after = accounts.actions.merge_contact(gone, into=kept, actor=actor)
        _require_agreed(digest, digest_of(rows, keys))
        for key in keys:
            hand_on_to_contact(key, actor=actor, gone=gone, kept=after)
        return after


def merge_customers(gone: Customer, kept: Customer, *, actor: Actor, digest: str) -> Customer:
    """Let one customer go on for both; all or nothing, and only what `digest` of the preview told.

    Contracts that hold today or later go over where none of the other's is in their way; all others stay as history.
    Raises `NotPossible` where something has changed since, and whatever `accounts.actions.merge_customer` raises.
    """
    with attempt(actor.signature(), action="merge_customer", stream=gone.stream, clause=CLAUSE):
        keys = _locked(open_of_customer(gone))
        gone, kept = accounts.actions.lock_customers(gone, kept)
        plan = customer_merging(actor, gone, kept)
        after = accounts.actions.merge_customer(gone, into=kept, actor=actor)
        _require_agreed(digest, plan.digest)
        for contract in plan.moving:
            hand_on_contract(contract.pk, actor=actor, to=after)
        for key in keys:
            hand_on_to_customer(key, actor=actor, gone=gone, kept=after)
        return after


def _locked(records: QuerySet[Declaration]) -> list[int]:
    """Records come first, as in every step that names a contact, and in one order: so nobody waits in a circle."""
    return list(records.select_for_update(of=("self",)).values_list("pk", flat=True))


def _require_agreed(agreed: str, found: str) -> None:
    if agreed != found:
        raise NotPossible(_("Something has changed meanwhile. Look at what would move now, then merge."), clause=CLAUSE)
