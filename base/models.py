"""When each job last came to a good end, so that a dead worker shows."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """One row a job; `at` is the end of its last good run, `failed_at` when it last had to leave a row undone."""

    job = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.job} {self.at.isoformat()}"
