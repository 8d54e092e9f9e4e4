"""Clocks whose row is not what its events tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from sla.history import ClockError, differences
from sla.models import Clock

CHUNK = 500


@dataclass(frozen=True)
class Replayed:
    """One clock: in what it differs from its events, or why they cannot be replayed."""

    clock: Clock
    differences: dict[str, tuple[object, object]]
    fault: str = ""

    @property
    def is_right(self) -> bool:
        return not self.differences and not self.fault


def replayed_clocks() -> Iterator[Replayed]:
    """Every clock by key, replayed; two statements for `CHUNK` clocks, by primary key and `clock_event_once`."""
    last = 0
    while clocks := list(Clock.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        prefetch_related_objects(clocks, "events")
        yield from map(_replayed, clocks)
        last = clocks[-1].pk


def _replayed(clock: Clock) -> Replayed:
    try:
        return Replayed(clock, differences(clock))
    except (ClockError, LookupError, ValueError) as fault:
        return Replayed(clock, {}, str(fault) or type(fault).__name__)
