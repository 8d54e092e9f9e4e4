"""Clocks whose row is not what its events tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def replayed_clocks(among: Iterable[int] | None = None) -> Iterator[Replayed]:
    """Every clock by key, or those, replayed; two statements for `CHUNK`, by primary key and `clock_event_once`."""
    wanted, last = Clock.objects.order_by("pk"), 0
    if among is not None:
        wanted = wanted.filter(pk__in=list(among))
    while clocks := list(wanted.filter(pk__gt=last)[:CHUNK]):
        prefetch_related_objects(clocks, "events")
        yield from map(_replayed, clocks)
        last = clocks[-1].pk


def clock_faults(among: Iterable[int] | None = None) -> Iterator[tuple[str, str]]:
    """Each clock, or each of those keys, that is not what its events tell, and in what; for `verify_ledger`."""
    for found in replayed_clocks(among):
        if not found.is_right:
            names = ", ".join(found.differences)
            what = f"{names} is not what the events tell" if names else f"the events cannot be replayed: {found.fault}"
            yield f"sla.clock:{found.clock.pk}", what


def _replayed(clock: Clock) -> Replayed:
    try:
        return Replayed(clock, differences(clock))
    except (ClockError, LookupError, ValueError) as fault:
        return Replayed(clock, {}, str(fault) or type(fault).__name__)
