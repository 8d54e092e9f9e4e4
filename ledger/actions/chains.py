"""Appending to a chain."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from config.clock import now
from ledger.canonical import canonical, digest
from ledger.models import FIRST, Entry, Payload, Unsealed
from ledger.queries import head
from ledger.signature import Signature


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


def follow(
    last: Entry | None, stream: str, *, signature: Signature, action: str, clause: str, payload: Mapping[str, object]
) -> Entry:
    """Write the entry that follows `last`, for a caller that keeps others from doing so at the same time."""
    content, salt = canonical(payload), secrets.token_hex(32)
    columns = {
        "stream": stream,
        "sequence": last.sequence + 1 if last else 1,
        "previous_hash": last.hash if last else FIRST,
        "at": now(),
        "action": action,
        "clause": clause,
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
    entry = Entry.objects.create(**columns, body=body, hash=digest(body))
    Payload.objects.create(entry=entry, salt=salt, content=content)
    Unsealed.objects.create(entry=entry)
    return entry
