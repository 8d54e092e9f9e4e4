"""Changes of calendars and contracts that are being applied to all open records of a head."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Recount(models.Model):
    """One request to apply what changed to every open record of the departments that `by` heads.

    A job goes through them in order: `after` is the last one dealt with, so whoever goes on after a stop begins there.
    Each record is a transaction of its own, and its ledger entry tells what moved.
    """

    working_data: ClassVar[str] = "How far a job has come; each record that moved tells of it itself."

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey("sla.Contract", null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    after = models.BigIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(finished_at=None), name="recount_unfinished")]

    def __str__(self) -> str:
        return f"recount {self.pk}"
