"""A contact of an open record was entered twice: the one that stays goes on (clause 5.4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accounts.access import require_keep_contact
from accounts.actors import Actor
from accounts.models import Contact
from incidents.actions.finding import make_findable
from incidents.models import Declaration
from ledger.actions import RecordChange, step
from ledger.models import Record
from ledger.signature import Signature

CLAUSE = "5.4.2"


def hand_on_to_contact(declaration_id: int, *, actor: Actor, gone: Contact, kept: Contact) -> Declaration:
    """The record names the contact that stays; what was typed, the clocks and the state stay as they are."""
    signature = actor.signature(require_keep_contact(actor, kept.customer, entitling=False))
    with _handing_on(declaration_id, signature, gone, kept) as taken:
        if taken.record.contact_id == gone.pk:
            taken.record.contact = kept
    return taken.record


@contextmanager
def _handing_on(
    declaration_id: int, signature: Signature, gone: Record, kept: Record
) -> Iterator[RecordChange[Declaration]]:
    with step(Declaration, declaration_id, version=None, signature=signature, action="hand_on", clause=CLAUSE) as taken:
        taken.note(merged=gone.stream, name=str(gone), kept=str(kept))
        yield taken
        make_findable(taken.record)
