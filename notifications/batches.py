"""Entries about messages that stand in no record's chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from accounts.actors import SYSTEM
from base.clock import now
from ledger.actions import apart, create
from ledger.canonical import plain
from notifications.models import Batch


@contextmanager
def batch(action: str, delivered: Mapping[str, list[int]] | None = None) -> Iterator[None]:
    """A batch whose entry tells of the messages that are written inside the block, and of those delivered."""
    record = Batch(at=now(), delivered=dict(delivered or {}))
    with apart(), create(record, signature=SYSTEM.signature(), action=action, clause=""):
        yield


def note_delivered(keys: list[int], at: datetime) -> None:
    """Let a batch tell that these messages were delivered at `at`, in the transaction that writes it on them."""
    if keys:
        with batch("deliver", {str(plain(at)): sorted(keys)}):
            pass
