"""Whether the warnings that sweeps say they have given were given; for `verify_ledger`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from escalation.models import Warning
from incidents.models import END_STATES, Declaration
from sla.models import Clock

CHUNK = 1000
WARNED_OF = Q(kind__in=("response", "resolution"), checked__gt=0)


def silenced_clocks() -> Iterator[tuple[str, str]]:
    """Each clock of a customer on which a threshold counts as dealt with, though no warning tells of it.

    A sweep marks a threshold in the transaction that writes its warning, so only somebody past the desk can have
    marked one alone; the sweep would then never warn of it. Records that ended before it could are left out. Two
    statements for `CHUNK` clocks, by primary key and by the index of the warning's clock.
    """
    ended = Declaration.objects.filter(state__in=END_STATES)
    marked, last = Clock.objects.filter(WARNED_OF).order_by("pk"), 0
    for name in ("resolution_clock", "response_clock"):
        marked = marked.exclude(pk__in=ended.exclude(**{name: None}).values(name))
    columns = ("pk", "thresholds", "checked")
    while chunk := list(marked.filter(pk__gt=last).values_list(*columns)[:CHUNK]):
        keys = [pk for pk, _thresholds, _checked in chunk]
        existing = set(Warning.objects.filter(clock__in=keys).values_list("clock_id", "threshold"))
        for pk, thresholds, checked in chunk:
            lacking = [percent for percent in thresholds if percent <= checked and (pk, percent) not in existing]
            if lacking:
                yield f"sla.clock:{pk}", f"no warning was given of {', '.join(map(str, lacking))} %"
        last = keys[-1]
