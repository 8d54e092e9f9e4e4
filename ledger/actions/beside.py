"""Rows that a lower room writes in the transaction of a step, and that the step's entry tells of.

A clock knows nothing of the declaration that owns it, yet what happens to it belongs into the declaration's chain. The
room calls `tell_of` where it writes the row; the step that is open takes it into its entry, or else the next step of
the same attempt.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

from django.db import models

from ledger.actions.snapshots import born, row
from ledger.canonical import Json, field_values

Rows: TypeAlias = list[dict[str, Json]]
_of_step: ContextVar[Rows | None] = ContextVar("rows_of_the_open_step", default=None)
_of_attempt: ContextVar[Rows | None] = ContextVar("rows_of_no_step_yet", default=None)


def tell_of(*rows: models.Model) -> None:
    """Let the step's entry tell of new rows, saved already. Outside of attempts nothing does, and `verify_ledger`
    names them."""
    entry = _of_step.get()
    entry = _of_attempt.get() if entry is None else entry
    if entry is not None:
        entry.extend(row(one, born(field_values(one))) for one in rows)


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
