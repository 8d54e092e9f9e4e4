"""The contact or the customer of an open record was entered twice: the one that stays goes on (clause 5.4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.access import require_keep_contact, require_merge_customers
from accounts.actors import Actor
from accounts.models import Contact, Customer
from accounts.queries import desk_of
from incidents.actions.clocks import contract_on
from incidents.actions.finding import make_findable
from incidents.models import Declaration, State
from ledger.actions import RecordChange, step
from ledger.models import Record
from ledger.signature import Signature

CLAUSE = "5.4.2"
UNSCREENED = (State.RELAYED, State.ACCEPTED)


def hand_on_to_contact(declaration_id: int, *, actor: Actor, gone: Contact, kept: Contact) -> Declaration:
    """The record names the contact that stays; what was typed, the clocks and the state stay as they are."""
    signature = actor.signature(require_keep_contact(actor, kept.customer, entitling=False))
    with _handing_on(declaration_id, signature, gone, kept) as taken:
        if taken.record.contact_id == gone.pk:
            taken.record.contact = kept
    return taken.record


def hand_on_to_customer(declaration_id: int, *, actor: Actor, gone: Customer, kept: Customer) -> Declaration:
    """The record is the customer's that stays, with its department and its desk; the clocks stay as they are.

    One that was screened keeps the contract that it was screened under; of any other screening chooses among those of
    the customer that stays.
    """
    signature = actor.signature(require_merge_customers(actor, gone, kept))
    with _handing_on(declaration_id, signature, gone, kept) as taken:
        record = taken.record
        if record.customer_id == gone.pk:
            record.set(customer=kept, department=kept.department, desk=desk_of(kept) or record.desk)
        if record.state in UNSCREENED:
            record.contract = contract_on(kept, record.received_at)
    return taken.record


@contextmanager
def _handing_on(
    declaration_id: int, signature: Signature, gone: Record, kept: Record
) -> Iterator[RecordChange[Declaration]]:
    with step(Declaration, declaration_id, version=None, signature=signature, action="hand_on", clause=CLAUSE) as taken:
        taken.note(merged=gone.stream, name=str(gone), kept=str(kept))
        yield taken
        make_findable(taken.record)
