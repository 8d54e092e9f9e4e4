"""What moves when two entries for the same are merged, and the digest by which that is agreed to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from accounts.actors import Actor
from accounts.models import Contact
from incidents.access import declarations
from incidents.models import Declaration
from incidents.queries.merging import open_with_contact
from ledger.models import Record

SHOWN = 20


@dataclass(frozen=True)
class OpenRecords:
    """The open records that go on with the one that stays: those that the reader may see, and the number of all."""

    shown: list[Declaration]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


@dataclass(frozen=True)
class ContactMerging:
    """Two entries of one person: `values` that the one that stays gets, by kind; and what goes on with it."""

    gone: Contact
    kept: Contact
    values: list[str]
    gives_right: bool
    records: OpenRecords
    digest: str


def contact_merging(actor: Actor, gone: Contact, kept: Contact) -> ContactMerging:
    """What would move; a handful of statements, however much it is."""
    keys = list(open_with_contact(gone).values_list("pk", flat=True))
    return ContactMerging(
        gone=gone,
        kept=kept,
        values=[each for each in _values(gone) if each not in set(_values(kept))],
        gives_right=gone.may_confirm and not kept.may_confirm,
        records=open_records(actor, keys),
        digest=digest_of((gone, kept), keys),
    )


def open_records(actor: Actor, keys: list[int]) -> OpenRecords:
    """Of the records those that `actor` may see, the first of them; one statement."""
    seen = declarations(actor).filter(pk__in=keys).only("number", "subject", "state").order_by("pk")
    return OpenRecords(list(seen[:SHOWN]), len(keys))


def digest_of(rows: Iterable[Record], keys: Iterable[int]) -> str:
    """Over the versions of both and what moves: whoever agrees to it agrees to nothing that came in between."""
    told = [[each.stream, each.version] for each in rows]
    return sha256(json.dumps([told, list(keys)]).encode()).hexdigest()


def _values(contact: Contact) -> list[str]:
    own = (contact.mobile, contact.phone, contact.email)
    return [each for each in (*own, *(point.value for point in contact.points.all())) if each]
