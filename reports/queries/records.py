"""The records behind a figure, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from base import paging
from incidents.models import Declaration
from incidents.queries.counting import MOST, bounded_counts
from reports.access import opened, opens_all
from reports.figures import Figure, FigureCell, Rate, Sums
from reports.queries.counting import KEPT, MISSED, MOMENT, OVERDUE_MOMENT, Asked, counts, is_overdue
from reports.queries.sla import cells

SHOWN = (
    "number",
    "subject",
    "state",
    "type",
    "priority",
    "restricted",
    "caller_company",
    "caller_name",
    "breach_reason",
    "received_at",
    "resolved_at",
    "due_at",
)
# What is read of whatever a line names beside its own columns.
NAMED = {
    "customer": ("customer__name",),
    "department": ("department__name", "department__name_en"),
    "handler": ("handler__name",),
    "desk": ("desk__name",),
    "response_clock": ("response_clock",),
    "resolution_clock": ("resolution_clock",),
}


class RecordsPart(StrEnum):
    """Which of the records of a figure; `FELL_DUE` is what is overdue and fell due within the period."""

    COUNTED = "counted"
    KEPT = "kept"
    MISSED = "missed"
    OVERDUE = "overdue"
    FELL_DUE = "fell_due"


UNSOLVED = (RecordsPart.OVERDUE, RecordsPart.FELL_DUE)


@dataclass(frozen=True)
class RecordsPage(paging.Page[Declaration]):
    """Some records; `counted` is how many the figure counts, `opened` how many of them the reader may open.

    Where these are not known to be all, they are counted up to `MOST` + 1, which stands for more.
    """

    counted: int = 0
    opened: int = 0


def page(actor: Actor, figure: Figure, part: RecordsPart, asked: Asked, at: datetime, cursor: str = "") -> RecordsPage:
    """One page of what a figure counts and `actor` may open, the newest first; two statements, or three.

    Cost: the index of the figure's moment, entered where the page begins; what the figure costs
    (`reports.queries.sla`); and for who counts what may not be opened, the first `MOST` + 1 of what may.
    """
    condition = _condition(figure, part, asked, at)
    moment = OVERDUE_MOMENT if part in UNSOLVED else MOMENT[figure]
    found = opened(actor).filter(condition)
    counted = _number(figure, part, cells(actor, asked, at))
    number = counted if opens_all(actor) else bounded_counts({"opened": found}, MOST)["opened"]
    clock = "response_clock" if figure == Figure.RESPONSE else "resolution_clock"
    shown = _shown(found, "customer", "handler", "desk", clock)
    rows = paging.page(shown, paging.Order(moment, descending=True), cursor)
    return RecordsPage(**vars(rows), counted=counted, opened=number)


def _number(figure: Figure, part: RecordsPart, found: Iterable[FigureCell]) -> int:
    """How many records of that part the figure counts."""
    found = [cell for cell in found if cell.month or part != RecordsPart.FELL_DUE]
    total = sum((cell.sums for cell in found), Sums())
    rate: Rate = getattr(total, figure.value)
    numbers = {
        RecordsPart.COUNTED: rate.denominator,
        RecordsPart.KEPT: rate.numerator,
        RecordsPart.MISSED: rate.missed,
    }
    return numbers.get(part, total.overdue)


def worst(actor: Actor, asked: Asked, at: datetime, limit: int) -> list[Declaration]:
    """Some that missed the time for solving, for naming them: what is still unsolved first, then the last solved.

    Two statements, one where so many are unsolved: by `declaration_unsolved`, and `declaration_solved_late`.
    """
    shown = _shown(opened(actor), "customer", "department", "resolution_clock")
    found = list(shown.filter(is_overdue(asked, at)).order_by("due_at", "pk")[:limit])
    if len(found) < limit:
        missed = shown.filter(_condition(Figure.RESOLUTION, RecordsPart.MISSED, asked, at))
        found += missed.order_by("-resolved_at", "due_at", "pk")[: limit - len(found)]
    return found


def _condition(figure: Figure, part: RecordsPart, asked: Asked, at: datetime) -> Q:
    if part in UNSOLVED:
        within = Q(due_at__gte=asked.period.start) if part == RecordsPart.FELL_DUE else Q()
        return is_overdue(asked, at) & within
    found = counts(figure, asked, at)
    if part == RecordsPart.COUNTED:
        return found
    return found & (KEPT if part == RecordsPart.KEPT else MISSED)[figure]


def _shown(found: QuerySet[Declaration], *together: str) -> QuerySet[Declaration]:
    columns = (column for each in together for column in NAMED[each])
    return found.select_related(*together).only(*SHOWN, *columns)
