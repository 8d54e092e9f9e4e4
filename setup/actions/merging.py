"""Two entries for the same become one: the entries themselves and all that is open, in one transaction."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

import accounts.actions
from accounts.actors import Actor
from accounts.models import Contact
from incidents.actions import hand_on_to_contact
from incidents.models import Declaration
from incidents.queries.merging import open_with_contact
from ledger.actions import attempt
from ledger.exceptions import NotPossible
from setup.queries.merging import digest_of

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


def _locked(records: QuerySet[Declaration]) -> list[int]:
    """Records come first, as in every step that names a contact, and in one order: so nobody waits in a circle."""
    return list(records.select_for_update(of=("self",)).values_list("pk", flat=True))


def _require_agreed(agreed: str, found: str) -> None:
    if agreed != found:
        raise NotPossible(_("Something has changed meanwhile. Look at what would move now, then merge."), clause=CLAUSE)
