"""The chains in themselves: every entry as it was hashed, none missing, none moved, time running forwards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from ledger.canonical import digest, plain
from ledger.models import FIRST, Entry
from ledger.verification.faults import UNREADABLE, Fault

COPIED = (
    *("stream", "sequence", "previous_hash", "at", "action", "clause", "actor", "actor_name", "role"),
    *("on_behalf_of", "payload_digest"),
)
CHUNK = 2000


class StoredEntry(NamedTuple):
    """An entry with its payload as the database holds them; without a payload `salt` and `content` are None."""

    stream: str
    sequence: int
    previous_hash: str
    at: datetime
    action: str
    clause: str
    actor: str
    actor_name: str
    role: str
    on_behalf_of: str
    payload_digest: str
    hash: str
    body: str
    salt: str | None
    content: str | None


def lines(streams: Iterable[str] | None = None) -> Iterator[tuple[str, Iterator[StoredEntry]]]:
    """All chains, or those of `streams`, each with its entries in order; one statement, in bounded memory."""
    columns = [*COPIED, "hash", "body", "payload__salt", "payload__content"]
    rows = Entry.objects.order_by("stream", "sequence").values_list(*columns)
    if streams is not None:
        rows = rows.filter(stream__in=list(streams))
    found = (StoredEntry(*row) for row in rows.iterator(chunk_size=CHUNK))
    return groupby(found, key=lambda line: line.stream)


def verify(streams: Iterable[str] | None = None) -> Iterator[Fault]:
    """Walk all chains, or those of `streams`, and name the first entry of each that does not fit.

    Entries cut off at the end of a chain show only against the row (`compare`) or a checkpoint.
    """
    for stream, entries in lines(streams):
        walk = Walk(stream)
        for line in entries:
            walk.follow(line)
        if walk.fault:
            yield walk.fault


class Walk:
    """One chain from its beginning, and the first thing in it that does not fit."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.fault: Fault | None = None
        self._reached, self._hash = 0, FIRST
        self._at: datetime | None = None

    def follow(self, line: StoredEntry) -> None:
        """Take the next entry of the chain; after a fault nothing is asked any more."""
        if self.fault:
            return
        self._reached += 1
        is_next = line.sequence == self._reached
        what = self._what_is_wrong(line) if is_next else f"entry {self._reached} is missing"
        if what:
            self.fault = Fault(self.stream, line.sequence, what)
        self._hash, self._at = line.hash, line.at

    def _what_is_wrong(self, line: StoredEntry) -> str:
        if digest(line.body) != line.hash:
            return "the body does not have the stored hash"
        if altered := _altered_columns(line):
            return altered
        if line.previous_hash != self._hash:
            return "it does not follow the entry before it"
        if self._at is not None and line.at < self._at:
            return "it is dated before the entry that it follows"
        if line.salt is None or line.content is None:
            return "the payload is missing"
        if digest(line.salt + line.content) != line.payload_digest:
            return "the payload does not have the stored digest"
        return ""


def _altered_columns(line: StoredEntry) -> str:
    try:
        body = json.loads(line.body)
        altered = [name for name, value in zip(COPIED, line, strict=False) if plain(value) != body[name]]
    except UNREADABLE:
        return "the body cannot be read"
    return f"the columns {', '.join(altered)} differ from the body" if altered else ""
