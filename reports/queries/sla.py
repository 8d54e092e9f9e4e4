"""Solved and answered within the SLA's time, counted (clause 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from accounts.actors import Actor
from incidents.access import ENDED
from incidents.models import OPEN_STATES, AwaitsCount
from reports.access import counted, counted_when_ended
from reports.figures import Figure, FigureCell, Rate, Sums
from reports.models import CountedRecord, MonthFigures
from reports.periods import Month, Period
from reports.queries.counting import KEPT, MOMENT, OVERDUE_MOMENT, Asked, counts, is_overdue

OVERDUE = "overdue"
RATES = (Figure.RESOLUTION, Figure.RESPONSE)
# How what is counted already names the month, and what is in it: all, what was in time, what was both in time.
MONTH = {Figure.RESOLUTION: "solved_month", Figure.RESPONSE: "answered_month"}
COUNTED: dict[Figure, tuple[str, str, str | None]] = {
    Figure.RESOLUTION: ("solved", "solved_in_time", "both_in_time"),
    Figure.RESPONSE: ("answered", "answered_in_time", None),
}
NONE = Value(0)


def cells(actor: Actor, asked: Asked, at: datetime) -> list[FigureCell]:
    """The figures of each month, department, customer and level that has any, at the instant `at`; one statement.

    They are the sums of what has ended, without what has changed since it was added to them, and that counted now with
    all that is open. Cost: the sums of the months (`reports.models`); what changed since by its key; what is open by
    `declaration_open`. At most three rows are answered for each month, customer and level and each part.
    """
    first, *others = _parts(actor, asked, at)
    months = list(asked.period)
    found: dict[tuple[Month | None, int, int | None, int | None], Sums] = defaultdict(Sums)
    for kind, place, unit, client, level, *numbers in first.union(*others, all=True):
        month = months[place] if place >= 0 else None
        found[month, unit, client, level] += _sums(kind, *numbers)
    return [FigureCell(*key, sums) for key, sums in found.items() if sums != Sums()]


def _parts(actor: Actor, asked: Asked, at: datetime) -> Iterator[QuerySet[Any, Any]]:
    """What makes up the figures; what has changed since it was counted is taken off as it was."""
    changed = AwaitsCount.objects.values("declaration")
    records, ended = counted(actor), counted_when_ended(actor) & asked.narrowing()
    for figure in RATES:
        yield _stored(MonthFigures.objects.filter(ended), figure, asked.period)
        yield _taken_off(CountedRecord.objects.filter(ended, declaration__in=changed), figure, asked.period)
        judged = records.filter(counts(figure, asked, at))
        for live in (Q(state__in=sorted(OPEN_STATES)), Q(state__in=ENDED, pk__in=changed)):
            yield _live(judged.filter(live), figure, asked.period)
    yield _divided(
        records.filter(is_overdue(asked, at)), OVERDUE, _place(OVERDUE_MOMENT, asked.period), Count("pk"), NONE, NONE
    )


def _stored(found: QuerySet[MonthFigures], figure: Figure, period: Period) -> QuerySet[Any, Any]:
    numbers = (NONE if name is None else Sum(name) for name in COUNTED[figure])
    return _divided(_within(found, "month", period), figure, _month("month", period), *numbers)


def _taken_off(found: QuerySet[CountedRecord], figure: Figure, period: Period) -> QuerySet[Any, Any]:
    month, (_all, *kept) = MONTH[figure], COUNTED[figure]
    numbers = (NONE if name is None else -Count("pk", filter=Q(**{name: True})) for name in kept)
    return _divided(_within(found, month, period), figure, _month(month, period), -Count("pk"), *numbers)


def _live(found: QuerySet[Any, Any], figure: Figure, period: Period) -> QuerySet[Any, Any]:
    attained = Count("pk", filter=KEPT[Figure.ATTAINMENT]) if figure == Figure.RESOLUTION else NONE
    kept = Count("pk", filter=KEPT[figure])
    return _divided(found, figure, _place(MOMENT[figure], period), Count("pk"), kept, attained)


def _divided(
    found: QuerySet[Any, Any], kind: str, place: Case, counted: Any, kept: Any, attained: Any
) -> QuerySet[Any, Any]:
    parts: QuerySet[Any, Any] = (
        found.order_by()
        .values(place=place, unit=F("department"), client=F("customer"), level=F("priority"))
        .annotate(counted=counted, kept=kept, attained=attained, kind=Value(kind))
        .values_list("kind", "place", "unit", "client", "level", "counted", "kept", "attained")
    )
    return parts


def _within(found: QuerySet[Any, Any], month: str, period: Period) -> QuerySet[Any, Any]:
    return found.filter(**{f"{month}__gte": period.first.first_day, f"{month}__lte": period.last.first_day})


def _month(name: str, period: Period) -> Case:
    """The place of its month in the period."""
    places = (When(**{name: month.first_day}, then=Value(n)) for n, month in enumerate(period))
    return Case(*places, output_field=IntegerField())


def _place(moment: str, period: Period) -> Case:
    """The place of its month in the period, -1 before it; by comparing, which every database does alike."""
    ends = [(Value(-1), period.start), *((Value(n), month.later(1).start) for n, month in enumerate(period))]
    return Case(*(When(**{f"{moment}__lt": end}, then=place) for place, end in ends), output_field=IntegerField())


def _sums(kind: str, counted: int, kept: int, attained: int) -> Sums:
    match kind:
        case Figure.RESOLUTION:
            return Sums(resolution=Rate(kept, counted), attainment=Rate(attained, counted))
        case Figure.RESPONSE:
            return Sums(response=Rate(kept, counted))
    return Sums(overdue=counted)
