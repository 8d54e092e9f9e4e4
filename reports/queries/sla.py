"""Solved and answered within the SLA's time, counted (clause 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from accounts.actors import Actor
from base.among import Among
from incidents.access import ENDED
from incidents.models import OPEN_STATES, AwaitsCount, Declaration
from reports.access import counted, counted_when_ended
from reports.figures import Figure, FigureCell, Rate, Sums
from reports.models import CountedRecord, MonthFigures
from reports.periods import Month, Period
from reports.queries.counting import KEPT, MOMENT, OVERDUE_MOMENT, Asked, counts, is_overdue

SUMS, RECORDS = "sums", "records"
DIVIDED = {"unit": F("department"), "client": F("customer"), "level": F("priority")}
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven")


def cells(actor: Actor, asked: Asked, at: datetime) -> list[FigureCell]:
    """The figures of each month, department, customer and level that has any, at the instant `at`; one statement.

    They are the sums of what has ended, without what has changed since it was added to them, and that counted now with
    all that is open. Cost: the sums of the months (`reports.models`), what has changed since by its key, and what is
    open by `declaration_open`; of each of these a row for each customer, level and month is answered, or a few.
    """
    first, *others = _parts(actor, asked, at)
    months = list(asked.period)
    found: dict[tuple[Month | None, int, int | None, int | None], Sums] = defaultdict(Sums)
    for kind, unit, client, level, *numbers in first.union(*others, all=True):
        for place, sums in _of_sums(*numbers) if kind == SUMS else _of_records(*numbers):
            found[months[place] if place >= 0 else None, unit, client, level] += sums
    return [FigureCell(*key, sums) for key, sums in found.items() if sums != Sums()]


def _parts(actor: Actor, asked: Asked, at: datetime) -> Iterator[QuerySet[Any, Any]]:
    """What makes up the figures; what has changed since it was counted is taken off as it was stored."""
    changed = Among("pk", AwaitsCount.objects.values("declaration"))
    ended = counted_when_ended(actor) & asked.narrowing()
    yield _stored(MonthFigures.objects.filter(ended), asked.period)
    yield _taken_off(CountedRecord.objects.filter(ended, changed), asked.period)
    yield _counted(counted(actor).filter(state__in=sorted(OPEN_STATES)), asked, at)
    yield _counted(counted(actor).filter(changed, state__in=ENDED), asked, at)


def _stored(found: QuerySet[MonthFigures], period: Period) -> QuerySet[Any, Any]:
    within = found.filter(month__gte=period.first.first_day, month__lte=period.last.first_day)
    names = ("solved", "solved_in_time", "both_in_time", "answered", "answered_in_time")
    return _divided(within, SUMS, [_month("month", period)], [*map(Sum, names), Value(0)])


def _taken_off(found: QuerySet[CountedRecord], period: Period) -> QuerySet[Any, Any]:
    parts = [
        _month("solved_month", period),
        _holds(Q(solved_in_time=True)),
        _holds(Q(both_in_time=True)),
        _month("answered_month", period),
        _holds(Q(answered_in_time=True)),
        Value(None, output_field=IntegerField()),
    ]
    return _divided(found, RECORDS, parts, [-Count("pk")])


def _counted(found: QuerySet[Declaration], asked: Asked, at: datetime) -> QuerySet[Any, Any]:
    parts = [
        _place(counts(Figure.RESOLUTION, asked, at), MOMENT[Figure.RESOLUTION], asked.period),
        _holds(KEPT[Figure.RESOLUTION]),
        _holds(KEPT[Figure.ATTAINMENT]),
        _place(counts(Figure.RESPONSE, asked, at), MOMENT[Figure.RESPONSE], asked.period),
        _holds(KEPT[Figure.RESPONSE]),
        _place(is_overdue(asked, at), OVERDUE_MOMENT, asked.period),
    ]
    return _divided(found.filter(asked.narrowing()), RECORDS, parts, [Count("pk")])


def _divided(found: QuerySet[Any, Any], kind: str, parts: list[Any], numbers: list[Any]) -> QuerySet[Any, Any]:
    """Divided by these parts beside department, customer and level, each with its numbers."""
    named = dict(zip(NUMBERS, [*parts, *numbers], strict=True))
    groups = {name: named[name] for name in NUMBERS[: len(parts)]}
    counts = {name: named[name] for name in NUMBERS[len(parts) :]}
    rows: QuerySet[Any, Any] = found.order_by().values(**DIVIDED, **groups).annotate(**counts, kind=Value(kind))
    return rows.values_list("kind", *DIVIDED, *NUMBERS)


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _month(name: str, period: Period) -> Case:
    """The place of its month in the period, none outside."""
    places = (When(**{name: month.first_day}, then=Value(n)) for n, month in enumerate(period))
    return Case(*places, output_field=IntegerField())


def _place(counts: Q, moment: str, period: Period) -> Case:
    """Of what counts the place of its month in the period, -1 before it; by comparing, alike on every database."""
    ends = [(Value(-1), period.start), *((Value(n), month.later(1).start) for n, month in enumerate(period))]
    place = Case(*(When(**{f"{moment}__lt": end}, then=place) for place, end in ends), output_field=IntegerField())
    return Case(When(counts, then=place), output_field=IntegerField())


def _of_sums(
    place: int, solved: int, solved_in_time: int, both_in_time: int, answered: int, answered_in_time: int, _none: int
) -> Iterator[tuple[int, Sums]]:
    rates = (Rate(solved_in_time, solved), Rate(answered_in_time, answered), Rate(both_in_time, solved))
    yield place, Sums(*rates)


def _of_records(
    solved: int | None,
    solved_in_time: int,
    both_in_time: int,
    answered: int | None,
    answered_in_time: int,
    overdue: int | None,
    count: int,
) -> Iterator[tuple[int, Sums]]:
    """The same of records that are alike: the places of their months, what was in time, how many they are."""
    if solved is not None:
        rates = Rate(count * solved_in_time, count), Rate(count * both_in_time, count)
        yield solved, Sums(resolution=rates[0], attainment=rates[1])
    if answered is not None:
        yield answered, Sums(response=Rate(count * answered_in_time, count))
    if overdue is not None:
        yield overdue, Sums(overdue=count)
