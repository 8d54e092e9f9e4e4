"""Rows that a lower room writes in the transaction of a step, and that the step's entry tells of.

A clock knows nothing of the declaration that owns it, yet what happens to it belongs into the declaration's chain. The
room calls `tell_of` where it writes the row; the step that is open takes it into its entry, or else the next step of
the same attempt. Of what is written while many records change at once, each record's entry takes what is about it.
What `tell_about` finds no step for has to have an entry of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from django.db import models

from ledger.actions.snapshots import born, row
from ledger.canonical import Json, field_values

Row: TypeAlias = dict[str, Json]
Rows: TypeAlias = list[Row]
_of_batch: ContextVar[dict[str, Rows] | None] = ContextVar("rows_by_the_stream_that_they_are_about", default=None)
_of_step: ContextVar[Rows | None] = ContextVar("rows_of_the_open_step", default=None)
_of_attempt: ContextVar[Rows | None] = ContextVar("rows_of_no_step_yet", default=None)


def tell_of(*rows: models.Model) -> None:
    """Let the step's entry tell of new rows, saved already. Outside of attempts nothing does, and `verify_ledger`
    names them."""
    entry = _of_step.get()
    entry = _of_attempt.get() if entry is None else entry
    if entry is not None:
        entry.extend(row(one, born(field_values(one))) for one in rows)


def tell_about(rows: Iterable[tuple[str, Row]]) -> bool:
    """Let the open step, or the change of the record that it is about, tell of new rows, each as `newborn` gives it
    with its stream; False where neither is open, and nothing was told."""
    batch, entry = _of_batch.get(), _of_step.get()
    if batch is None and entry is None:
        return False
    for stream, one in rows:
        (entry if batch is None else batch[stream]).append(one)  # type: ignore[union-attr]
    return True


@contextmanager
def apart() -> Iterator[None]:
    """A step inside leaves to others what the attempt has told of and no step has taken yet."""
    token = _of_attempt.set([])
    try:
        yield
    finally:
        _of_attempt.reset(token)


@contextmanager
def gathered_by_stream() -> Iterator[Mapping[str, Rows]]:
    """What `tell_about` is told inside the block, for the entries of many records."""
    rows: dict[str, Rows] = defaultdict(list)
    token = _of_batch.set(rows)
    try:
        yield rows
    finally:
        _of_batch.reset(token)


@contextmanager
def gathered() -> Iterator[Rows]:
    """What no step has taken yet, and what is told inside the block, for the entry at its end."""
    left = _of_attempt.get() or []
    rows = list(left)
    left.clear()
    token = _of_step.set(rows)
    try:
        yield rows
    finally:
        _of_step.reset(token)


@contextmanager
def all_told() -> Iterator[None]:
    """Raise at the end if a row was told of and no entry took it: it would stand outside of every proof."""
    token = _of_attempt.set([])
    try:
        yield
        if left := _of_attempt.get():
            names = ", ".join(f"{one['model']} {one['pk']}" for one in left)
            raise RuntimeError(f"no entry tells of {names}")
    finally:
        _of_attempt.reset(token)
