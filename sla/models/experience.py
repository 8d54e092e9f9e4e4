"""What was learnt from past cases, kind by kind, so that asking costs a few narrow rows."""

from __future__ import annotations

from django.db import models


class LearntExperience(models.Model):
    """`sla.prediction.Experience` of one kind of case; the caller names the kinds. Made anew by a job, never edited."""

    kind = models.CharField(max_length=255, unique=True)
    solved = models.JSONField()
    lost = models.JSONField()
    missed = models.PositiveIntegerField()
    learnt_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.kind
