"""Which clocks are due for a warning and which thresholds they crossed; which problems somebody may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.acting import Actor
from accounts.models import Role
from config.clock import now
from escalation.models import EscalationRequest, Problem
from incidents.access import declarations
from incidents.models import Declaration, Handover
from procedure.queries import rules
from sla.arithmetic import next_opening
from sla.models import Clock
from sla.queries import calendar_of, reached_thresholds, threshold_at, working_calendar

BATCH = 500


def due_clocks(at: datetime) -> Iterator[tuple[int, int]]:
    """Pairs of clock and declaration that are due for a check at `at`, oldest first, at most `BATCH`.

    One query on the partial index of `next_check_at`, then one for each kind of owner.
    """
    due = list(Clock.objects.filter(next_check_at__lte=at).order_by("next_check_at").values_list("pk", "kind")[:BATCH])
    owners = _owners(due)
    for clock, _kind in due:
        if clock in owners:
            yield clock, owners[clock]


def _owners(due: list[tuple[int, str]]) -> dict[int, int]:
    owners: dict[int, int] = {}
    for kind in sorted({kind for _clock, kind in due}):
        clocks = [clock for clock, of_kind in due if of_kind == kind]
        owners.update(_owners_of(kind, clocks))
    return owners


def _owners_of(kind: str, clocks: list[int]) -> QuerySet[Any, tuple[int, int]]:
    if kind == "handover":
        return Handover.objects.filter(clock__in=clocks).values_list("clock_id", "declaration_id")
    if kind in ("decision", "countersign"):
        field = f"{kind}_clock"
        requests = EscalationRequest.objects.filter(**{f"{field}__in": clocks})
        return requests.values_list(f"{field}_id", "declaration_id")
    field = f"{kind}_clock"
    return Declaration.objects.filter(**{f"{field}__in": clocks}).values_list(f"{field}_id", "pk")


def crossed_thresholds(clock: Clock) -> list[tuple[int, datetime]]:
    """The thresholds that this clock has reached and that no sweep has dealt with, each with its moment."""
    reached = [(percent, threshold_at(clock, percent)) for percent in reached_thresholds(clock, now())]
    return [(percent, moment) for percent, moment in reached if moment is not None]


def opening_after_quiet_hours(clock: Clock) -> datetime | None:
    """Until when the messages of this clock are held now: the next opening in quiet hours of its level, else None."""
    declaration = (
        Declaration.objects.filter(resolution_clock=clock).select_related("contract").first()
        if clock.kind == "resolution"
        else None
    )
    if declaration is None:
        return None
    quiet = rules(declaration.procedure_version_id).parameter("quiet_hours")
    local = now().astimezone(ZoneInfo("Asia/Shanghai")).time()
    if declaration.priority not in quiet["levels"] or not _within(local, quiet["from"], quiet["to"]):
        return None
    return next_opening(now(), working_calendar(calendar_of(declaration.contract)))


def _within(moment: time, start: str, end: str) -> bool:
    begins, ends = time.fromisoformat(start), time.fromisoformat(end)
    return begins <= moment or moment < ends if begins > ends else begins <= moment < ends


def next_check() -> datetime | None:
    """When the next clock is due for a check, or None when none runs."""
    return (
        Clock.objects.filter(next_check_at__isnull=False)
        .order_by("next_check_at")
        .values_list("next_check_at", flat=True)
        .first()
    )


def problems(actor: Actor) -> QuerySet[Problem]:
    """The problems that `actor` may see, newest first: all for problem management, else those of visible records."""
    found = Problem.objects.select_related("declaration", "customer", "request__by", "acknowledged_by")
    if not actor.holds(Role.PROBLEM_MANAGER):
        found = found.filter(declaration__in=declarations(actor).order_by().values("pk"))
    return found.order_by("-raised_at", "-pk")
