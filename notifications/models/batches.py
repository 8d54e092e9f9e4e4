"""What proves messages that no step of a record tells of, and that messages were delivered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from ledger.guards import Guard
from ledger.models import Record


class Batch(Record):
    """Messages that were written beside every step, or delivered, together; its chain has one entry.

    `delivered` names the keys of messages by the moment at which they were, as it stands on them.
    """

    stream_kind: ClassVar[str] = "messages"
    guard: ClassVar[Guard] = "append_only"

    at = models.DateTimeField()
    delivered = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.stream
