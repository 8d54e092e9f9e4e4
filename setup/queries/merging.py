"""What moves when two entries for the same are merged, and the digest by which that is agreed to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from accounts.actors import Actor, local_day
from accounts.models import Contact, Customer, RoleGrant, User
from accounts.queries import desk_grants, desk_of
from base.clock import now
from incidents.access import declarations
from incidents.models import Declaration
from incidents.queries.merging import open_of_customer, open_with_contact
from ledger.models import Record
from sla.models import Contract

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


@dataclass(frozen=True)
class CustomerMerging:
    """Two entries of one customer: what goes over to the one that stays, what does not, and what to look at."""

    gone: Customer
    kept: Customer
    contacts: list[Contact]
    alike: list[tuple[Contact, Contact]]
    moving: list[Contract]
    staying: list[tuple[Contract, Contract]]
    desks: list[RoleGrant]
    desk: User | None
    records: OpenRecords
    digest: str


def customer_merging(actor: Actor, gone: Customer, kept: Customer) -> CustomerMerging:
    """What would move; a dozen statements, however much it is."""
    keys = list(open_of_customer(gone).values_list("pk", flat=True))
    contacts, desks = _contacts(gone), desk_grants(gone)
    contracts, others = current_contracts(gone), current_contracts(kept)
    barred = [(each, other) for each in contracts if (other := _in_the_way(each, others)) is not None]
    staying = {each.pk for each, _other in barred}
    return CustomerMerging(
        gone=gone,
        kept=kept,
        contacts=contacts,
        alike=_alike(contacts, _contacts(kept)),
        moving=[each for each in contracts if each.pk not in staying],
        staying=barred,
        desks=desks,
        desk=desk_of(kept),
        records=open_records(actor, keys),
        digest=digest_of((gone, kept, *contacts, *contracts, *others, *desks), keys),
    )


def current_contracts(customer: Customer) -> list[Contract]:
    """The contracts that hold today or later; those before are history; one statement."""
    return list(customer.contracts.filter(ends_on__gte=local_day(now())).order_by("pk"))


def _in_the_way(contract: Contract, others: Iterable[Contract]) -> Contract | None:
    shared = (each for each in others if each.starts_on <= contract.ends_on and each.ends_on >= contract.starts_on)
    return next(shared, None)


def _contacts(customer: Customer) -> list[Contact]:
    return list(customer.contacts.filter(merged_into=None).prefetch_related("points").order_by("pk"))


def _alike(contacts: Iterable[Contact], others: Iterable[Contact]) -> list[tuple[Contact, Contact]]:
    """Those of both who have a number or an address in common, which nobody merges by guess."""
    having: dict[str, Contact] = {value: other for other in others for value in _values(other)}
    found = {
        (each.pk, having[value].pk): (each, having[value])
        for each in contacts
        for value in _values(each)
        if value in having
    }
    return list(found.values())


def _values(contact: Contact) -> list[str]:
    own = (contact.mobile, contact.phone, contact.email)
    return [each for each in (*own, *(point.value for point in contact.points.all())) if each]
