"""Keeping what was learnt from past cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from sla.models import LearntExperience
from sla.prediction import Experience


@transaction.atomic
def learn(experiences: Mapping[str, Experience], at: datetime) -> None:
    """Put these kinds in the place of all that was learnt before; learning the same again changes nothing."""
    LearntExperience.objects.exclude(kind__in=list(experiences)).delete()
    rows = [
        LearntExperience(kind=kind, solved=known.solved, lost=known.lost, missed=known.missed, learnt_at=at)
        for kind, known in sorted(experiences.items())
    ]
    LearntExperience.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind"], update_fields=["solved", "lost", "missed", "learnt_at"]
    )
