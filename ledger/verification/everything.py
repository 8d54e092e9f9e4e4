"""All chains and all rows in one walk."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import CharField, Exists, Model, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.module_loading import import_string

from ledger.models import Entry, Record
from ledger.verification.chains import Walk, lines
from ledger.verification.faults import Fault
from ledger.verification.replays import Replay
from ledger.verification.rows import compare_all
from ledger.verification.strays import strays

SET = 500
# Longer ones are forged: no column holds them.
LONGEST_KEY = 19
Progress = Callable[[int], None]


def whole(progress: Progress = lambda entries: None) -> Iterator[Fault]:
    """The first thing that does not fit of each chain, of each record against its chain, and rows without any.

    One statement reads the entries; for `SET` records there are as many more as kinds of rows.
    """
    kinds = {model.stream_kind: model for model in record_models()}
    some, known, passed = _Some(), {model: array("q") for model in _told_alone()}, 0
    labels = {model._meta.label_lower: keys for model, keys in known.items()}
    for stream, entries in lines():
        kind, _colon, key = stream.partition(":")
        walk, replay = Walk(stream), Replay(stream)
        for line in entries:
            passed += 1
            walk.follow(line)
            if kind in kinds:
                replay.fold(line)
        if walk.fault:
            yield walk.fault
        if kind not in kinds:
            continue
        if not some.takes(kinds[kind]):
            yield from some.compared()
            progress(passed)
            some = _Some(kinds[kind])
        some.chains[key] = replay
        for (label, row), expected in replay.rows.items():
            if expected is not None and label in labels and row.isdecimal() and len(row) < LONGEST_KEY:
                labels[label].append(int(row))
    yield from some.compared()
    yield from _without_chain(known)
    progress(passed)


def record_models() -> list[type[Record]]:
    """The installed models that have chains of their own."""
    return [model for model in apps.get_models() if issubclass(model, Record) and not model._meta.proxy]


def own_faults() -> Iterator[Fault]:
    """What rows say of themselves (models that are `self_verifying` and have `faults()`), and what the verifiers of
    `settings.LEDGER_VERIFIERS` find: functions without arguments that yield the name of a row and what is wrong."""
    for model in apps.get_models():
        if getattr(model, "self_verifying", False):
            for row in model._base_manager.order_by("pk").iterator(chunk_size=100):
                yield from _told_by(row)
    for verifier in settings.LEDGER_VERIFIERS:
        yield from (Fault(name, None, what) for name, what in import_string(verifier)())


class _Some:
    """Chains of one kind that are compared together."""

    def __init__(self, model: type[Record] | None = None) -> None:
        self.model = model
        self.chains: dict[str, Replay] = {}

    def takes(self, model: type[Record]) -> bool:
        return self.model is model and len(self.chains) < SET

    def compared(self) -> Iterator[Fault]:
        return compare_all(self.model, self.chains) if self.model else iter(())


def _told_alone() -> list[type[Model]]:
    """The kinds of rows that belong to nobody's and that entries tell of by their keys."""
    return [kind for kind in apps.get_models() if getattr(kind, "told_by_key", False)]


def _without_chain(known: Mapping[type[Model], array[int]]) -> Iterator[Fault]:
    """Records that no chain tells of, and rows that belong to nobody's that no entry tells of."""
    for model in record_models():
        stream = Concat(Value(f"{model.stream_kind}:"), Cast(OuterRef("pk"), CharField()))
        begun = Entry.objects.filter(stream=stream, sequence=1)
        for record in model._base_manager.filter(~Exists(begun)).order_by("pk").iterator(chunk_size=500):
            yield Fault(record.stream, None, "the record has no chain")
    for kind, keys in known.items():
        there = kind._base_manager.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=2000)
        for key in strays(there, keys):
            yield Fault(f"{kind._meta.label_lower}:{key}", None, "no entry tells of the row")


def _told_by(row: Any) -> Iterator[Fault]:
    return (Fault(f"{row._meta.label_lower}:{row.pk}", None, str(what)) for what in row.faults())
