"""Which records have changed since the figures counted them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AwaitsCount(models.Model):
    """A record that ended, or changed after it had ended, and has not been counted anew since.

    Every such step puts down a row of its own, so that nobody waits for anybody; whoever counts the figures takes the
    rows away. What is still open has none: it is little, and is counted whenever somebody asks.
    """

    working_data: ClassVar[str] = "What a job has still to count; the figures follow from the records alone."

    declaration = models.ForeignKey("incidents.Declaration", on_delete=models.PROTECT, db_index=False, related_name="+")

    def __str__(self) -> str:
        return str(self.declaration_id)
