"""Appending to chains."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import IntegrityError, transaction

from config.clock import now
from ledger.canonical import canonical, digest
from ledger.models import FIRST, Entry, Payload, Unsealed
from ledger.queries import head, heads
from ledger.signature import Signature

ROWS = 500


class Act(NamedTuple):
    """What an entry is to tell, of which stream."""

    stream: str
    action: str
    clause: str
    payload: Mapping[str, object]


def append(stream: str, *, signature: Signature, action: str, clause: str = "", payload: Mapping[str, object]) -> Entry:
    """Append to a chain that no row lock protects, such as those of the system; safe when several do so at once."""
    while True:
        # The loser of a race fails on a unique constraint once the winner has committed, and then sees its entry.
        last = head(stream)
        try:
            with transaction.atomic():
                return follow(last, stream, signature=signature, action=action, clause=clause, payload=payload)
        except IntegrityError:
            newest = head(stream)
            if (newest and newest.pk) == (last and last.pk):
                raise


def append_all(acts: Iterable[Act], *, signature: Signature) -> list[Entry]:
    """Append to many chains at once, in order, for a caller that has locked every record concerned.

    One read of the heads and three INSERTs for `ROWS` acts; several acts of one chain follow one another.
    """
    acts = list(acts)
    last: dict[str, Entry] = heads({act.stream for act in acts})
    composed: list[tuple[Entry, Payload]] = []
    for act in acts:
        entry, payload = _compose(last.get(act.stream), act, signature)
        last[act.stream] = entry
        composed.append((entry, payload))
    entries = Entry.objects.bulk_create([entry for entry, _payload in composed], batch_size=ROWS)
    for entry, payload in composed:
        payload.entry_id = entry.pk
    Payload.objects.bulk_create([payload for _entry, payload in composed], batch_size=ROWS)
    Unsealed.objects.bulk_create([Unsealed(entry=entry) for entry in entries], batch_size=ROWS)
    return entries


def follow(
    last: Entry | None, stream: str, *, signature: Signature, action: str, clause: str, payload: Mapping[str, object]
) -> Entry:
    """Write the entry that follows `last`, for a caller that keeps others from doing so at the same time."""
    entry, beside = _compose(last, Act(stream, action, clause, payload), signature)
    entry.save(force_insert=True)
    beside.entry = entry
    beside.save(force_insert=True)
    Unsealed.objects.create(entry=entry)
    return entry


def _compose(last: Entry | None, act: Act, signature: Signature) -> tuple[Entry, Payload]:
    """The entry that follows `last`, and its payload, which lacks only the key of the entry; neither is saved."""
    content, salt = canonical(act.payload), secrets.token_hex(32)
    columns = {
        "stream": act.stream,
        "sequence": last.sequence + 1 if last else 1,
        "previous_hash": last.hash if last else FIRST,
        "at": now(),
        "action": act.action,
        "clause": act.clause,
        "actor": signature.key,
        "actor_name": signature.name,
        "role": signature.role,
        "on_behalf_of": signature.on_behalf_of,
        "payload_digest": digest(salt + content),
    }
    beside = {
        "actor_kind": signature.kind,
        "on_behalf_of_name": signature.on_behalf_of_name,
        "via": signature.via,
    }
    body = canonical({**columns, **beside})
    return Entry(**columns, body=body, hash=digest(body)), Payload(salt=salt, content=content)
