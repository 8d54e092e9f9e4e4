"""Solved and answered within the SLA's time, counted (clause 7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from accounts.actors import Actor
from incidents.models import Declaration
from reports.access import counted
from reports.figures import Figure, FigureCell, Rate, Sums
from reports.periods import Month, Period
from reports.queries.counting import KEPT, MOMENT, OVERDUE_MOMENT, Asked, counts, is_overdue

OVERDUE = "overdue"
NONE = Q(pk__isnull=True)


def cells(actor: Actor, asked: Asked, at: datetime) -> list[FigureCell]:
    """The figures of each month, department, customer and level that has any, at the instant `at`; one statement.

    Cost: the incidents solved in the period by `declaration_solved`, the declarations received in it by
    `declaration_received` with the clock of each by its key, and what is open past its due time by
    `declaration_unsolved`. At most one row is answered for each month, customer and level.
    """
    visible = counted(actor)
    solved = visible.filter(counts(Figure.RESOLUTION, asked, at))
    answered = visible.filter(counts(Figure.RESPONSE, asked, at))
    overdue = visible.filter(is_overdue(asked, at))
    both = _grouped(solved, Figure.RESOLUTION, asked.period, MOMENT[Figure.RESOLUTION], KEPT[Figure.RESOLUTION])
    found = both.union(
        _grouped(answered, Figure.RESPONSE, asked.period, MOMENT[Figure.RESPONSE], KEPT[Figure.RESPONSE]),
        _grouped(overdue, OVERDUE, asked.period, OVERDUE_MOMENT, NONE),
        all=True,
    )
    months = list(asked.period)
    return [_cell(kind, months[place] if place >= 0 else None, *rest) for kind, place, *rest in found]


def _grouped(found: QuerySet[Declaration], kind: str, period: Period, moment: str, kept: Q) -> QuerySet[Any, Any]:
    attained = KEPT[Figure.ATTAINMENT] if kind == Figure.RESOLUTION else NONE
    return (
        found.order_by()
        .values(place=_place(moment, period), unit=F("department"), client=F("customer"), level=F("priority"))
        .annotate(
            counted=Count("pk"),
            kept=Count("pk", filter=kept),
            attained=Count("pk", filter=attained),
            kind=Value(kind),
        )
        .values_list("kind", "place", "unit", "client", "level", "counted", "kept", "attained")
    )


def _place(moment: str, period: Period) -> Case:
    """The place of its month in the period, -1 before it; by comparing, which every database does alike."""
    ends = [(Value(-1), period.start), *((Value(n), month.later(1).start) for n, month in enumerate(period))]
    return Case(*(When(**{f"{moment}__lt": end}, then=place) for place, end in ends), output_field=IntegerField())


def _cell(
    kind: str,
    month: Month | None,
    department: int,
    customer: int | None,
    level: int | None,
    counted: int,
    kept: int,
    attained: int,
) -> FigureCell:
    sums = {
        Figure.RESOLUTION: Sums(resolution=Rate(kept, counted), attainment=Rate(attained, counted)),
        Figure.RESPONSE: Sums(response=Rate(kept, counted)),
        OVERDUE: Sums(overdue=counted),
    }[kind]
    return FigureCell(month, department, customer, level, sums)
