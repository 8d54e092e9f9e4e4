"""What past cases of a kind tell."""

from __future__ import annotations

from collections.abc import Sequence

from sla.models import LearntExperience
from sla.prediction import Experience

UNKNOWN = Experience()


def experience_of(kinds: Sequence[str]) -> list[Experience]:
    """The experience of each kind in that order, empty where nothing was learnt; one statement by the unique `kind`."""
    rows = {row.kind: row for row in LearntExperience.objects.filter(kind__in=kinds)}
    return [_experience(rows[kind]) if kind in rows else UNKNOWN for kind in kinds]


def _experience(row: LearntExperience) -> Experience:
    return Experience(tuple(row.solved), tuple(row.lost), row.missed)
