"""Our own history: every incident with a resolution clock, as it stood at some instant."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q, QuerySet

from incidents.models import OPEN_STATES, Declaration
from incidents.queries.outlook import kinds_of
from procedure.queries import Rules
from sla.models import Clock
from sla.prediction import Experience, Observation
from sla.queries import observed

CHUNK = 2000
CLOCK = tuple(
    f"resolution_clock__{name}"
    for name in (
        "kind",
        "calendar_version",
        "target",
        "started_at",
        "due_at",
        "stopped_at",
        "cancelled_at",
        "pause_spans",
    )
)


def timed_incidents(since: datetime, until: datetime) -> QuerySet[Declaration]:
    """Classified ones received in that time, with their clocks; by `declaration_received`."""
    rows = Declaration.objects.filter(received_at__gte=since, received_at__lt=until, resolution_clock__isnull=False)
    return rows.exclude(leaf="").select_related("resolution_clock").only("priority", "leaf", *CLOCK)


def experiences_at(book: Rules, since: datetime, until: datetime) -> dict[str, Experience]:
    """What could be known at `until` of each kind of incident that was received since `since`.

    One read in chunks; costs the history, so it is for the nightly job and for back-tests.
    """
    seen: dict[str, Counter[Observation]] = defaultdict(Counter)
    for declaration in timed_incidents(since, until).iterator(chunk_size=CHUNK):
        if declaration.leaf in book.leaves and declaration.priority and declaration.resolution_clock:
            observation = observed(declaration.resolution_clock, until)
            for kind in kinds_of(declaration.priority, declaration.leaf, book):
                seen[kind][observation] += 1
    return {kind: Experience.of(observations.elements()) for kind, observations in seen.items()}


def decided_between(since: datetime, until: datetime) -> Iterator[Declaration]:
    """Incidents of which it became known in that time whether they were in time: solved, or their time over."""
    ran = timed_incidents(since.replace(year=since.year - 1), until)
    solved = Q(resolution_clock__met=True, resolution_clock__stopped_at__gte=since)
    solved &= Q(resolution_clock__stopped_at__lt=until)
    over = Q(resolution_clock__due_at__gte=since, resolution_clock__due_at__lt=until)
    over &= Q(resolution_clock__stopped_at=None) | Q(resolution_clock__met=False)
    cancelled = Q(resolution_clock__cancelled_at__lt=F("resolution_clock__due_at"))
    return ran.filter(solved | over).exclude(cancelled).iterator(chunk_size=CHUNK)


def open_kinds() -> list[tuple[int, str, int]]:
    """Level, leaf and version of the procedure of all incidents whose resolution clock runs; one statement."""
    running = _running().values_list("priority", "leaf", "procedure_version")
    kinds = running.order_by("priority", "leaf", "procedure_version").distinct()
    return [(priority, leaf, version) for priority, leaf, version in kinds if priority]


def expecting_otherwise(priority: int, leaf: str, version: int, percent: int | None) -> list[int]:
    """The running clocks of such incidents that expect a miss from another percent on; one statement."""
    alike = _running().filter(priority=priority, leaf=leaf, procedure_version=version)
    expected = Q(resolution_clock__trend_percent=percent) if percent is not None else Q()
    unknown = Q(resolution_clock__trend_percent=None)
    other = ~unknown if percent is None else unknown | ~expected
    return list(alike.filter(other).values_list("resolution_clock_id", flat=True))


def _running() -> QuerySet[Declaration]:
    running = Clock.objects.filter(stopped_at=None, cancelled_at=None)
    rows = Declaration.objects.filter(state__in=sorted(OPEN_STATES), resolution_clock__in=running)
    return rows.exclude(leaf="").exclude(priority=None)
