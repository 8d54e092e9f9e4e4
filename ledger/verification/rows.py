"""Rows against the chains that tell of them, set by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any, TypeAlias

from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.db import models

from ledger.canonical import default_values, recorded_fields, stored_values
from ledger.guards import FrozenWith
from ledger.models import Record
from ledger.refusals import guards
from ledger.verification.faults import Fault
from ledger.verification.replays import Replay, RowKey, Values, replayed

Model: TypeAlias = type[models.Model]
AT_ONCE = 5000


def compare(record: Record) -> Fault | None:
    """The first contradiction between a record, with the rows that belong to it, and its chain.

    Reads the record again: what a caller has in memory proves nothing.
    """
    return next(compare_all(type(record), {str(record.pk): replayed(record.stream)}), None)


def compare_all(model: type[Record], chains: Mapping[str, Replay]) -> Iterator[Fault]:
    """The first contradiction of each record of the model, given with its chain by key.

    Some statements for each kind of row that the chains tell of or that can belong to one of these, however many
    records and rows there are.
    """
    live = Live(model._meta.apps)
    live.read_what_is_told(chains.values())
    for key, replay in chains.items():
        what = "" if replay.fault else _what_is_wrong((model._meta.label_lower, key), replay, live)
        if fault := Fault(replay.stream, None, what) if what else replay.fault:
            yield fault


class Live:
    """The rows of some chains as they stand in the database, and which of them belong to which."""

    def __init__(self, apps: Apps) -> None:
        self.rows: dict[RowKey, Values] = {}
        self.belonging: dict[RowKey, list[RowKey]] = defaultdict(list)
        self._models = {model._meta.label_lower: model for model in apps.get_models()}

    def read_what_is_told(self, chains: Iterable[Replay]) -> None:
        """Each row that a chain tells of, and whatever else belongs to one of these."""
        keys_by_label: dict[str, dict[str, None]] = defaultdict(dict)
        for label, key in (row for replay in chains for row in replay.rows):
            keys_by_label[label][key] = None
        models = [self._models[label] for label in keys_by_label if label in self._models]
        # What others belong to comes first, and brings them along.
        for model in sorted(models, key=_depth):
            label, keys = model._meta.label_lower, keys_by_label[model._meta.label_lower]
            readable = {key: value for key in keys if (value := _readable(model, key))}
            self._read(model, "pk", (value for key, value in readable.items() if (label, key) not in self.rows))
            for child in self._models.values():
                if link := parent_link(child, model):
                    self._read(child, link, readable.values())

    def _read(self, model: Model, column: str, keys: Iterable[object]) -> None:
        label, fields, wanted = model._meta.label_lower, [field.attname for field in recorded_fields(model)], iter(keys)
        while some := list(islice(wanted, AT_ONCE)):
            rows = model._base_manager.filter(**{f"{column}__in": some}).order_by("pk").values("pk", *fields)
            for row in rows.iterator(chunk_size=2000):
                key = (label, str(row.pop("pk")))
                self.rows[key] = stored_values(model, row)
                if column != "pk":
                    self.belonging[_parent_label(model), str(row[column])].append(key)

    def difference(self, key: RowKey, expected: Values | None) -> str:
        """In what a row is not what its chain says."""
        (label, pk), held = key, self.rows.get(key)
        if expected is None:
            return f"{label} {pk} is there again" if held else ""
        if held is None:
            return f"{label} {pk} is gone"
        usual = default_values(self._models[label])
        if held == {**usual, **expected}:
            return ""
        for name, default in usual.items():
            # A column that the entries do not name, or that is younger than they, holds its default.
            if held[name] != expected.get(name, default):
                return f"{label} {pk}: {name} is not what the chain says"
        return ""


def parent_link(model: Model, parent: Model) -> str:
    """The column by which rows of the model belong to rows of `parent`, empty if they do not."""
    field = _parent_field(model)
    return str(field.attname) if field is not None and field.related_model is parent else ""


def belongs_to(model: Model) -> str:
    """The foreign key to the row that a row belongs to: what the model says, or stands still with; or nothing."""
    still = [guard.parent for guard in guards(model) if isinstance(guard, FrozenWith)]
    return str(getattr(model, "belongs_to", "") or (still[0] if still else ""))


@cache
def _parent_field(model: Model) -> Any:
    name = belongs_to(model)
    return model._meta.get_field(name) if name else None


def _parent_label(model: Model) -> str:
    return str(_parent_field(model).related_model._meta.label_lower)


def _depth(model: Model) -> int:
    field = _parent_field(model)
    return 1 + _depth(field.related_model) if field is not None else 0


def _readable(model: Model, key: str) -> object:
    """The key as its column holds it; nothing for a forged one that it could not hold."""
    try:
        return model._meta.pk.to_python(key)
    except (ValidationError, ValueError):
        return None


def _what_is_wrong(own: RowKey, replay: Replay, live: Live) -> str:
    if own not in replay.rows:
        return "the record has no chain"
    if own not in live.rows:
        return "the record is gone"
    if what := next(filter(None, (live.difference(*row) for row in replay.rows.items())), ""):
        return what
    beside = (child for row in replay.rows for child in live.belonging.get(row, ()) if child not in replay.rows)
    return next((f"no entry tells of {label} {key}" for label, key in beside), "")
