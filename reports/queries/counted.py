"""What records that have ended add to the figures: counted from the records, and as it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, Sum, Value, When

from incidents.access import ENDED
from incidents.models import AwaitsCount, Declaration
from reports.figures import Figure
from reports.models import CountedRecord, MonthFigures
from reports.periods import Month
from reports.queries.counting import IS_SOLVED, KEPT, response_is_judged, response_will_be_judged

# By what a sum is divided, beside its month: department, customer, level, and whether the records are restricted.
DIVISION = ("department_id", "customer_id", "priority", "restricted")
SHARE = ("month", *DIVISION)
SOLVED = ("solved", "solved_in_time", "both_in_time")
ANSWERED = ("answered", "answered_in_time")
COUNTS = SOLVED + ANSWERED
AT_ONCE = 2000
COLUMNS = (*DIVISION, "solved_month", "solved_in_time", "both_in_time", "answered_month", "answered_in_time")
Share: TypeAlias = tuple[Any, ...]
Shares: TypeAlias = Counter[tuple[Share, str]]


def ended_among(keys: Collection[int], at: datetime) -> dict[int, CountedRecord | None]:
    """What each of these records adds to the figures, counted from the record at `at`; None where it adds nothing.

    A record is not among them while it has ended unanswered and its verdict is still to come. One statement.
    """
    found: dict[int, CountedRecord | None] = dict.fromkeys(keys)
    for key, waits, *columns in _judged(Declaration.objects.filter(pk__in=keys, state__in=ENDED), at):
        record = _counted(key, *columns)
        if waits:
            del found[key]
        elif record.solved_month or record.answered_month:
            found[key] = record
    return found


def _judged(records: QuerySet[Declaration], at: datetime) -> QuerySet[Any, Any]:
    judged, waits = response_is_judged(at), response_will_be_judged(at)
    return records.order_by().values_list(
        "pk",
        _holds(waits),
        "department",
        "customer",
        "priority",
        "restricted",
        Case(When(IS_SOLVED, then=F("resolved_at"))),
        _holds(IS_SOLVED & KEPT[Figure.RESOLUTION]),
        _holds(IS_SOLVED & KEPT[Figure.ATTAINMENT]),
        Case(When(judged, then=F("received_at"))),
        _holds(judged & KEPT[Figure.RESPONSE]),
    )


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _counted(
    key: int,
    department: int,
    customer: int | None,
    level: int | None,
    restricted: bool,
    solved_at: datetime | None,
    solved_in_time: bool,
    both_in_time: bool,
    received_at: datetime | None,
    answered_in_time: bool,
) -> CountedRecord:
    return CountedRecord(
        declaration_id=key,
        department_id=department,
        customer_id=customer,
        priority=level,
        restricted=restricted,
        solved_month=Month.of(solved_at).first_day if solved_at else None,
        solved_in_time=solved_in_time,
        both_in_time=both_in_time,
        answered_month=Month.of(received_at).first_day if received_at else None,
        answered_in_time=answered_in_time,
    )


def columns_of(record: CountedRecord | None) -> tuple[Any, ...] | None:
    """All that a counted record says; None of none."""
    return None if record is None else tuple(getattr(record, name) for name in COLUMNS)


def shares(records: Iterable[CountedRecord | None]) -> Shares:
    """What these records add to the sums of which month and division."""
    found: Shares = Counter()
    for record in filter(None, records):
        division = tuple(getattr(record, name) for name in DIVISION)
        if record.solved_month:
            values = (1, record.solved_in_time, record.both_in_time)
            _add(found, (record.solved_month, *division), SOLVED, values)
        if record.answered_month:
            _add(found, (record.answered_month, *division), ANSWERED, (1, record.answered_in_time))
    return found


def all_shares() -> Shares:
    """The same of all records that are stored as counted; two statements over all of them."""
    found: Shares = Counter()
    for month, names in (("solved_month", SOLVED), ("answered_month", ANSWERED)):
        kept = [Count("pk", filter=Q(**{name: True})) for name in names[1:]]
        rows = CountedRecord.objects.exclude(**{month: None}).order_by().values_list(month, *DIVISION)
        for *share, whole, parts in ((*row[:5], row[5], row[6:]) for row in _grouped(rows, Count("pk"), *kept)):
            _add(found, tuple(share), names, (whole, *parts))
    return found


def stored_shares(months: Collection[date] | None = None) -> Shares:
    """The sums as they are stored, of these months or of all; one statement."""
    found: Shares = Counter()
    rows = MonthFigures.objects.order_by()
    if months is not None:
        rows = rows.filter(month__in=months)
    for row in _grouped(rows.values_list("month", *DIVISION), *map(Sum, COUNTS)):
        _add(found, row[:5], COUNTS, row[5:])
    return found


def _grouped(rows: QuerySet[Any, Any], *sums: Any) -> Iterator[tuple[Any, ...]]:
    return iter(rows.annotate(**{f"sum{place}": each for place, each in enumerate(sums)}))


def _add(found: Shares, share: Share, names: Iterable[str], values: Iterable[int]) -> None:
    for name, value in zip(names, values, strict=True):
        if value:
            found[share, name] += value


def all_records() -> Iterator[set[int]]:
    """The keys of all records, `AT_ONCE` at a time, a statement each."""
    after = 0
    while keys := Declaration.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        yield set(keys)
        after = max(keys)


def changed_among(keys: Collection[int]) -> set[int]:
    """Those of them that wait to be counted; one statement."""
    return set(AwaitsCount.objects.filter(declaration__in=keys).values_list("declaration", flat=True))
