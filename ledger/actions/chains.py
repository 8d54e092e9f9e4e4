"""Appending to chains."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from django.db import IntegrityError, transaction

from base.clock import now
from base.rows import add_rows
from ledger.canonical import canonical, digest
from ledger.exceptions import ClockBehind
from ledger.models import FIRST, Entry, Payload, Unsealed
from ledger.queries import Head, head, heads
from ledger.signature import Signature

SKEW = timedelta(seconds=5)


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


def append_all(acts: Iterable[Act], *, signature: Signature) -> None:
    """Append to many chains at once, in order, for a caller that has locked every record concerned.

    One read of the heads and three INSERTs for some hundred acts; several acts of one chain follow one another.
    """
    acts, at = list(acts), now()
    if not acts:
        return
    last: dict[str, Head | Composed] = {**heads({act.stream for act in acts})}
    composed: list[Composed] = []
    for act in acts:
        last[act.stream] = one = compose(last.get(act.stream), act, signature, at)
        composed.append(one)
    _add(composed)


def follow(
    last: Entry | None, stream: str, *, signature: Signature, action: str, clause: str, payload: Mapping[str, object]
) -> Entry:
    """Write the entry that follows `last`, for a caller that keeps others from doing so at the same time."""
    composed = compose(last, Act(stream, action, clause, payload), signature, now())
    [key] = _add([composed])
    entry = Entry(pk=key, **composed.columns)
    entry._state.adding = False
    return entry


def _add(composed: list[Composed]) -> list[int]:
    """The keys of the entries, which are written with what lies beside them."""
    keys = add_rows(Entry, list(composed[0].columns), [list(one.columns.values()) for one in composed])
    beside = [(key, one.salt, one.content) for key, one in zip(keys, composed, strict=True)]
    add_rows(Payload, ("entry_id", "salt", "content"), beside)
    add_rows(Unsealed, ("entry_id",), [(key,) for key in keys])
    return keys


def not_before(last: datetime, at: datetime) -> datetime:
    """The time of what follows something of `last`: the clocks of two machines are never quite the same.

    Raises `ClockBehind` where the difference is more than `SKEW`.
    """
    if last - at > SKEW:
        raise ClockBehind(at, last)
    return max(last, at)


class Composed(NamedTuple):
    """An entry to be: its columns, and what its payload holds."""

    columns: dict[str, Any]
    salt: str
    content: str

    @property
    def sequence(self) -> int:
        return int(self.columns["sequence"])

    @property
    def at(self) -> datetime:
        return cast(datetime, self.columns["at"])

    @property
    def hash(self) -> str:
        return str(self.columns["hash"])


def compose(last: Entry | Head | Composed | None, act: Act, signature: Signature, at: datetime) -> Composed:
    """The entry that follows `last`, not saved. Raises `ClockBehind` where it would be dated before that one."""
    at = not_before(last.at, at) if last else at
    content, salt = canonical(act.payload), secrets.token_hex(32)
    columns = {
        "stream": act.stream,
        "sequence": last.sequence + 1 if last else 1,
        "previous_hash": last.hash if last else FIRST,
        "at": at,
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
    return Composed({**columns, "body": body, "hash": digest(body)}, salt, content)
