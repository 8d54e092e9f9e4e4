"""Solved and answered within the SLA's time, counted (clause 7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import TruncMonth

from accounts.acting import CHINA, Actor
from incidents.models import Declaration
from reports.access import counted
from reports.figures import Cell, Figure, Rate, Sums
from reports.periods import Month
from reports.queries.counting import KEPT, MOMENT, OVERDUE_MOMENT, Asked, counts, is_overdue

OVERDUE = "overdue"
NONE = Q(pk__isnull=True)


def cells(actor: Actor, asked: Asked, at: datetime) -> list[Cell]:
    """The figures of each month, department, customer and level that has any, at the instant `at`; one statement.

    Cost: the incidents solved in the period by `declaration_solved`, the declarations received in it by
    `declaration_received` with the clock of each by its key, and what is open past its due time by
    `declaration_unsolved`. At most one row is answered for each month, customer and level.
    """
    visible = counted(actor)
    solved = visible.filter(counts(Figure.RESOLUTION, asked, at))
    answered = visible.filter(counts(Figure.RESPONSE, asked, at))
    overdue = visible.filter(is_overdue(asked, at))
    both = _grouped(solved, Figure.RESOLUTION, MOMENT[Figure.RESOLUTION], KEPT[Figure.RESOLUTION])
    parts = both.union(
        _grouped(answered, Figure.RESPONSE, MOMENT[Figure.RESPONSE], KEPT[Figure.RESPONSE]),
        _grouped(overdue, OVERDUE, OVERDUE_MOMENT, NONE),
        all=True,
    )
    return [_cell(*row) for row in parts]


def _grouped(found: QuerySet[Declaration], kind: str, moment: str, kept: Q) -> QuerySet[Any, Any]:
    attained = KEPT[Figure.ATTAINMENT] if kind == Figure.RESOLUTION else NONE
    return (
        found.order_by()
        .values(month=TruncMonth(moment, tzinfo=CHINA), unit=F("department"), client=F("customer"), level=F("priority"))
        .annotate(
            counted=Count("pk"),
            kept=Count("pk", filter=kept),
            attained=Count("pk", filter=attained),
            kind=Value(kind),
        )
        .values_list("kind", "month", "unit", "client", "level", "counted", "kept", "attained")
    )


def _cell(
    kind: str,
    month: datetime,
    department: int,
    customer: int | None,
    level: int | None,
    counted: int,
    kept: int,
    attained: int,
) -> Cell:
    sums = {
        Figure.RESOLUTION: Sums(resolution=Rate(kept, counted), attainment=Rate(attained, counted)),
        Figure.RESPONSE: Sums(response=Rate(kept, counted)),
        OVERDUE: Sums(overdue=counted),
    }[kind]
    return Cell(Month.of(month), department, customer, level, sums)
