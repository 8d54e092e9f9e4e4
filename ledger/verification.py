"""Proof that nothing was altered: the chains in themselves, and the rows against their chains."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, TypeAlias

from django.apps import apps
from django.db import models

from ledger.canonical import Json, default_value, digest, field_values, plain, recorded_fields
from ledger.guards import FrozenWith
from ledger.models import FIRST, Entry, Record
from ledger.queries import content, entries_by_stream, history
from ledger.refusals import guards

Values: TypeAlias = dict[str, Json]
RowKey: TypeAlias = tuple[str, str]

COPIED = (
    "stream",
    "sequence",
    "previous_hash",
    "at",
    "action",
    "clause",
    "actor",
    "actor_name",
    "role",
    "on_behalf_of",
    "payload_digest",
)
# What reading a forged JSON text can raise.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
BATCH = 500


@dataclass(frozen=True)
class Fault:
    """The first thing that does not fit: an entry of a chain (`sequence`) or a row that a chain tells of."""

    stream: str
    sequence: int | None
    what: str

    def __str__(self) -> str:
        entry = "" if self.sequence is None else f" entry {self.sequence}"
        return f"{self.stream}{entry}: {self.what}"


@dataclass
class Replay:
    """A chain folded up: what each of its rows must hold now, by model and key, and the first contradiction."""

    rows: dict[RowKey, Values] = field(default_factory=dict)
    fault: Fault | None = None


def verify(streams: list[str] | None = None) -> Iterator[Fault]:
    """Walk all chains, or those of `streams`, and name the first entry of each that does not fit.

    Memory stays bounded whatever the number of entries. Entries cut off at the end of a chain show only against
    the row (`compare`) or a checkpoint.
    """
    for stream, entries in groupby(entries_by_stream(streams), key=attrgetter("stream")):
        fault = _first_fault(stream, entries)
        if fault:
            yield fault


def replayed(stream: str) -> Replay:
    """What the chain of a record says of its rows; each change must start from what the one before it left."""
    replay = Replay()
    for entry in history(stream):
        try:
            fault = _fold_entry(replay.rows, entry)
        except UNREADABLE:
            fault = Fault(stream, entry.sequence, "the payload cannot be read")
        replay.fault = replay.fault or fault
    return replay


def compare(record: Record) -> Fault | None:
    """The first contradiction between a record, with the rows that belong to it, and its chain."""
    replay = replayed(record.stream)
    if replay.fault:
        return replay.fault
    if _key(record) not in replay.rows:
        return Fault(record.stream, None, "the record has no chain")
    for (label, key), expected in replay.rows.items():
        what = _difference(_live(record, label, key), label, key, expected)
        if what:
            return Fault(record.stream, None, what)
    return _row_beside_the_chain(record, replay)


def record_models() -> list[type[Record]]:
    """The installed models that have chains of their own."""
    return [model for model in apps.get_models() if issubclass(model, Record) and not model._meta.proxy]


def record_faults(model: type[Record]) -> Iterator[Fault | None]:
    """Compare each record of the model with its chain: None for one that fits, so that progress can be shown."""
    for record in model._base_manager.order_by("pk").iterator(chunk_size=500):
        yield compare(record)


def own_faults() -> Iterator[Fault]:
    """What the rows that can verify themselves find: models that say `self_verifying` and have `faults()`."""
    for model in apps.get_models():
        if getattr(model, "self_verifying", False):
            for row in model._base_manager.order_by("pk").iterator(chunk_size=100):
                yield from _told_by(row)


def _told_by(row: Any) -> Iterator[Fault]:
    return (Fault(f"{row._meta.label_lower}:{row.pk}", None, str(what)) for what in row.faults())


def chains_without_record() -> Iterator[Fault]:
    """Records that a chain tells of and that are gone."""
    for model in record_models():
        prefix = f"{model.stream_kind}:"
        begun = Entry.objects.filter(stream__startswith=prefix, sequence=1).order_by("stream")
        streams = begun.values_list("stream", flat=True).iterator(chunk_size=BATCH)
        while batch := list(islice(streams, BATCH)):
            keys = [stream.removeprefix(prefix) for stream in batch]
            live = {str(key) for key in model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)}
            yield from (Fault(f"{prefix}{key}", None, "the record is gone") for key in keys if key not in live)


def _first_fault(stream: str, entries: Iterable[Entry]) -> Fault | None:
    previous = FIRST
    for expected, entry in enumerate(entries, start=1):
        what = f"entry {expected} is missing" if entry.sequence != expected else _what_is_wrong(entry, previous)
        if what:
            return Fault(stream, entry.sequence, what)
        previous = entry.hash
    return None


def _what_is_wrong(entry: Entry, previous: str) -> str:
    if digest(entry.body) != entry.hash:
        return "the body does not have the stored hash"
    try:
        body = json.loads(entry.body)
        altered = [name for name in COPIED if plain(getattr(entry, name)) != body[name]]
    except UNREADABLE:
        return "the body cannot be read"
    if altered:
        return f"the columns {', '.join(altered)} differ from the body"
    if entry.previous_hash != previous:
        return "it does not follow the entry before it"
    payload = getattr(entry, "payload", None)
    if payload is None:
        return "the payload is missing"
    if digest(payload.salt + payload.content) != entry.payload_digest:
        return "the payload does not have the stored digest"
    return ""


def _fold_entry(rows: dict[RowKey, Values], entry: Entry) -> Fault | None:
    payload = content(entry)
    told_of = ([payload] if "model" in payload else []) + payload.get("rows", [])
    faults = [_fold(rows, entry, row) for row in told_of]
    return next(filter(None, faults), None)


def _fold(rows: dict[RowKey, Values], entry: Entry, row: dict[str, Any]) -> Fault | None:
    expected = rows.setdefault((row["model"], str(row["pk"])), {})
    fault = None
    for name, (before, after) in row["fields"].items():
        if name in expected and expected[name] != before:
            what = f"{row['model']} {row['pk']}: {name} does not start from what the entries before left"
            fault = fault or Fault(entry.stream, entry.sequence, what)
        expected[name] = after
    return fault


def _key(row: models.Model) -> RowKey:
    return row._meta.label_lower, str(row.pk)


def _live(record: Record, label: str, key: str) -> models.Model | None:
    # Read again, also the record itself: what a caller has in memory proves nothing.
    model: type[models.Model] = record._meta.apps.get_registered_model(*label.split("."))
    return model._base_manager.filter(pk=key).first()


def _difference(row: models.Model | None, label: str, key: str, expected: Values) -> str:
    if row is None:
        return f"{label} {key} is gone"
    held = field_values(row)
    for column in recorded_fields(type(row)):
        # A column that is younger than the row's last entry holds its default.
        should_be = expected[column.name] if column.name in expected else default_value(column)
        if held[column.name] != should_be:
            return f"{label} {key}: {column.name} is not what the chain says"
    return ""


def _row_beside_the_chain(record: Record, replay: Replay) -> Fault | None:
    """A child of the record that no entry tells of; only children that stand still with it are asked."""
    for relation in record._meta.related_objects:
        child = relation.related_model
        declared = [guard for guard in guards(child) if isinstance(guard, FrozenWith)]
        if any(guard.parent == relation.field.name for guard in declared):
            for row in child._base_manager.filter(**{relation.field.name: record.pk}).order_by("pk"):
                if _key(row) not in replay.rows:
                    return Fault(record.stream, None, f"no entry tells of {row._meta.label_lower} {row.pk}")
    return None
