"""Whose a clock is, which thresholds it crossed, and until when its messages are held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min

from escalation.models import Countersignature, Decision, EscalationRequest, HeldWarning, Unanswered
from incidents.models import Declaration, Handover
from sla.arithmetic import WorkingCalendar, next_opening
from sla.models import Clock
from sla.queries import Reached, trend_moment

CHINA = ZoneInfo("Asia/Shanghai")
STOPPED_BY: dict[str, type[Decision] | type[Countersignature]] = {
    "decision": Decision,
    "countersign": Countersignature,
}


def owners_of(clocks: Iterable[Clock]) -> dict[int, int]:
    """The declaration of each clock, by key; by the unique index of its owner, one query for each kind of clock, two
    for those of an escalation: its request has the last ones, what stopped an earlier one keeps that.
    """
    keys: dict[str, list[int]] = {}
    for clock in clocks:
        keys.setdefault(clock.kind, []).append(clock.pk)
    return {clock: owner for kind, some in keys.items() for clock, owner in _owners_of(kind, some)}


def _owners_of(kind: str, clocks: list[int]) -> Iterable[tuple[int, int]]:
    if kind == "handover":
        return Handover.objects.filter(clock__in=clocks).values_list("clock_id", "declaration_id")
    field = f"{kind}_clock"
    if kind in STOPPED_BY:
        requests = EscalationRequest.objects.filter(**{f"{field}__in": clocks})
        stopped = STOPPED_BY[kind].objects.filter(clock__in=clocks)
        return [
            *requests.values_list(f"{field}_id", "declaration_id"),
            *stopped.values_list("clock_id", "declaration_id"),
        ]
    return Declaration.objects.filter(**{f"{field}__in": clocks}).values_list(f"{field}_id", "pk")


def likely_since(clock: Clock, at: datetime) -> list[Reached]:
    """The percent from which on a miss is likely, with its moment, if it is reached and no sweep has dealt with it."""
    moment = trend_moment(clock, at)
    return [] if moment is None or clock.trend_percent is None else [Reached(clock.trend_percent, moment)]


def quiet_until(
    moment: datetime, quiet: Mapping[str, Any], priority: int | None, calendar: WorkingCalendar
) -> datetime | None:
    """The opening for which a message of that level waits, if the moment lies in quiet hours and outside opening.

    `quiet` is the parameter `quiet_hours` (R-5.4.6-3); the other levels never wait.
    """
    if priority not in quiet["levels"] or not _within(moment.astimezone(CHINA).time(), quiet["from"], quiet["to"]):
        return None
    opening = next_opening(moment, calendar)
    return opening if opening > moment else None


def _within(moment: time, start: str, end: str) -> bool:
    begins, ends = time.fromisoformat(start), time.fromisoformat(end)
    return begins <= moment or moment < ends if begins > ends else begins <= moment < ends


def next_check() -> datetime | None:
    """When the sweep has something to do next: a clock, an unanswered or a held warning; three rows by index."""
    moments = [
        Clock.objects.filter(next_check_at__isnull=False).aggregate(first=Min("next_check_at"))["first"],
        Unanswered.objects.filter(next_check_at__isnull=False).aggregate(first=Min("next_check_at"))["first"],
        HeldWarning.objects.filter(settled_at=None).aggregate(first=Min("held_until"))["first"],
    ]
    return min(filter(None, moments), default=None)
