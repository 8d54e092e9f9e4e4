"""What past cases of a kind tell, and how one case looks as experience."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from sla.arithmetic import elapsed
from sla.models import Clock, LearntExperience
from sla.prediction import Experience, Observation
from sla.queries.calendars import counted_by

UNKNOWN = Experience()


def experience_of(kinds: Sequence[str]) -> list[Experience]:
    """The experience of each kind in that order, empty where nothing was learnt; one statement by the unique `kind`."""
    rows = {row.kind: row for row in LearntExperience.objects.filter(kind__in=kinds)}
    return [_experience(rows[kind]) if kind in rows else UNKNOWN for kind in kinds]


def last_learnt() -> datetime | None:
    """When experience was last made anew; a few hundred rows at most."""
    learnt: datetime | None = LearntExperience.objects.aggregate(last=Max("learnt_at"))["last"]
    return learnt


def observed(clock: Clock, at: datetime) -> Observation:
    """The case of this clock as it stood at `at`, which lies after its start. No query."""
    ended = clock.stopped_at or clock.cancelled_at
    seen = ended if ended is not None and ended < at else at
    calendar = counted_by(clock)
    used = elapsed(clock.started_at, seen, clock.agreed.counting(calendar), clock.pauses)
    solved = clock.stopped_at is not None and clock.stopped_at < at
    return Observation.seen(used, clock.agreed.length(clock.started_at, calendar), solved=solved)


def _experience(row: LearntExperience) -> Experience:
    return Experience(tuple(row.solved), tuple(row.lost), row.missed)
