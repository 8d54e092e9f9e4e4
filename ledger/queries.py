"""Reads of the chains."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery

from base.compiled import CompiledRecords, Parameter
from ledger.models import Checkpoint, Entry, SealedHead, Unsealed

FAR_ENOUGH = 50
AT_ONCE = 1000
HEADS = """
    WITH wanted (stream) AS (VALUES {marks})
    SELECT entry.id, entry.stream, entry.sequence, entry.hash, entry.at
    FROM wanted JOIN ledger_entry AS entry ON entry.id = (
        SELECT id FROM ledger_entry WHERE stream = wanted.stream ORDER BY sequence DESC LIMIT 1
    )
"""


LAST = CompiledRecords(lambda: Entry.objects.filter(stream=Parameter("stream", CharField())).order_by("-sequence")[:1])


@dataclass
class Changes:
    """What happened to a record since one of its versions: who came last, and each field before and after."""

    by: str
    at: datetime
    fields: dict[str, tuple[object, object]] = field(default_factory=dict)


class Head(NamedTuple):
    """What the next entry of its chain, and a checkpoint, need of an entry."""

    key: int
    stream: str
    sequence: int
    hash: str
    at: datetime


def history(stream: str) -> QuerySet[Entry]:
    """The entries of a chain, first to last, with their payloads; one query by the unique (stream, sequence)."""
    return Entry.objects.filter(stream=stream).select_related("payload").order_by("sequence")


def head(stream: str) -> Entry | None:
    """The last entry of a chain; one row by the unique (stream, sequence)."""
    return LAST.first(stream=stream)


def heads(streams: Collection[str]) -> dict[str, Head]:
    """The last entry of each chain; one row a stream by the unique (stream, sequence)."""
    found: dict[str, Head] = {}
    wanted = iter(streams)
    while some := list(islice(wanted, AT_ONCE)):
        marks = ", ".join(["(%s)"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(HEADS.format(marks=marks), some)
            for key, stream, sequence, its_hash, at in cursor.fetchall():
                found[stream] = Head(key, stream, sequence, its_hash, _moment(at))
    return found


def _moment(stored: datetime) -> datetime:
    """SQLite keeps no zone, and a plain cursor adds none."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)


def content(entry: Entry) -> dict[str, Any]:
    """The payload of an entry, or nothing where it was disposed of."""
    payload = getattr(entry, "payload", None)
    return json.loads(payload.content) if payload else {}


def changes_since(stream: str, version: int) -> Changes | None:
    """What the last entries of the chain changed since `version`; None for a chain without entries.

    Reads back at most `FAR_ENOUGH` entries: a form older than that is told of the latest changes only.
    """
    changes: Changes | None = None
    for entry in history(stream).reverse()[:FAR_ENOUGH]:
        payload = content(entry)
        fields: dict[str, list[Any]] = payload.get("fields", {})
        _before, now_at = fields.pop("version", (None, None))
        if now_at is not None and now_at <= version:
            break
        changes = changes or Changes(by=entry.actor_name, at=entry.at)
        for name, (before, after) in fields.items():
            changes.fields[name] = (before, changes.fields.get(name, (None, after))[1])
    return changes


def entries_by_stream(streams: list[str]) -> Iterator[Entry]:
    """The entries of `streams`, chain by chain and in order, in bounded memory."""
    entries = Entry.objects.select_related("payload").filter(stream__in=streams)
    return entries.order_by("stream", "sequence").iterator(chunk_size=1000)


def unsealed(limit: int, *, since: datetime | None) -> list[Head]:
    """Up to `limit` entries that no checkpoint covers, oldest key first.

    Left out are entries dated before `since`, or before the entry that they follow, and what is looked at with these
    or later of their chains: nobody has written them when they say. One statement for each `limit` rows that are looked
    at, over just these, by keys: a backlog of a million costs no more than what is taken of it.
    """
    found: list[Head] = []
    left_out: set[str] = set()
    after, names = 0, ("pk", "entry__stream", "entry__sequence", "entry__hash", "entry__at")
    waiting = Unsealed.objects.order_by("pk").annotate(follows=Subquery(_followed().values("at")))
    while len(found) < limit:
        rows = list(waiting.filter(pk__gt=after).values_list(*names, "follows")[:limit])
        if not rows:
            break
        left_out |= {stream for _key, stream, _number, _hash, at, follows in rows if _is_backdated(at, follows, since)}
        found += [Head(*row[:-1]) for row in rows if row[1] not in left_out]
        after = rows[-1][0]
    return found[:limit]


def backdated(since: datetime | None) -> list[str]:
    """The chains of which `unsealed` leaves entries out; one statement over all that wait."""
    follows_later = Q(entry__at__lt=Subquery(_followed().values("at")))
    rows = Unsealed.objects.filter(follows_later | Q(entry__at__lt=since) if since else follows_later)
    return sorted(set(rows.values_list("entry__stream", flat=True)))


def _followed() -> QuerySet[Entry]:
    """The entry before the one that waits, by the index on (stream, sequence)."""
    return Entry.objects.filter(stream=OuterRef("entry__stream"), sequence=OuterRef("entry__sequence") - 1)


def _is_backdated(at: datetime, follows: datetime | None, since: datetime | None) -> bool:
    return (follows is not None and at < follows) or (since is not None and at < since)


def last_checkpoint() -> Checkpoint | None:
    """The newest checkpoint; one row by the primary key."""
    return Checkpoint.objects.order_by("-number").first()


def sealed_by(stream: str, sequence: int) -> Checkpoint | None:
    """The first checkpoint that covers this entry; one row by the index on (stream, sequence)."""
    covering = SealedHead.objects.filter(stream=stream, sequence__gte=sequence).select_related("checkpoint")
    first = covering.order_by("sequence", "checkpoint").first()
    return first.checkpoint if first else None


def head_lines(heads: Iterable[tuple[str, int, str]]) -> list[bytes]:
    """The heads of a checkpoint as its Merkle root counts them: by stream, as bytes, whatever the database sorts by."""
    return sorted(f"{stream}\t{sequence}\t{its_hash}".encode() for stream, sequence, its_hash in heads)
