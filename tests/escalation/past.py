"""A believable past: closed incidents of one kind, each solved or late after so much of its time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from incidents.models import Declaration
from sla.models import Clock
from sla.targets import Target
from tests import scenes

TARGET = Target(24, "hour", "natural")
ALLOWED = timedelta(hours=24)
# 20 solved at once, 8 within a third, 14 late: from 11 % on more than six of ten are late.
USUAL = [*[10] * 20, *[30] * 8, *[130] * 14]


def past_incidents(percents: Sequence[int], until: datetime, *, leaf: str = "BIZ-01", level: int = 4) -> None:
    """One each hour before `until`, solved when so many percent of a day were used."""
    base = Declaration.objects.filter(state="closed").first() or scenes.Scene().closed()
    starts = [until - timedelta(days=3, hours=number) for number in range(len(percents))]
    clocks = Clock.objects.bulk_create(_clock(start, percent) for start, percent in zip(starts, percents, strict=True))
    Declaration.objects.bulk_create(_records(base, clocks, leaf, level))


def _clock(start: datetime, percent: int) -> Clock:
    return Clock(
        kind="resolution",
        target=TARGET.as_data(),
        source="matrix",
        started_at=start,
        due_at=start + ALLOWED,
        stopped_at=start + ALLOWED * percent / 100,
        met=percent < 100,
    )


def _records(base: Declaration, clocks: Iterable[Clock], leaf: str, level: int) -> Iterable[Declaration]:
    taken = Declaration.objects.count()
    for position, clock in enumerate(clocks):
        record = Declaration.objects.get(pk=base.pk)
        record.pk, record.number, record.idempotency_key = None, f"SD-20200101-{taken * 1000 + position}", None
        record.set(
            leaf=leaf,
            priority=level,
            received_at=clock.started_at,
            resolved_at=clock.stopped_at,
            due_at=clock.due_at,
            resolution_clock=clock,
            response_clock=None,
        )
        yield record
