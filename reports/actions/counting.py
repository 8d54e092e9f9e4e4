"""Counting what records that have ended add to the figures: whatever changed, again and again, or all anew.

Whoever counts takes the turn, and the others wait for it; nobody else does: a step on a record only puts down that it
changed, and a reader sees what was before. A part that was begun and not finished never was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from base.clock import now
from base.heartbeat import beat
from base.rows import add_rows
from incidents.models import AwaitsCount
from reports.models import CountedRecord, MonthFigures
from reports.queries.counted import (
    AT_ONCE,
    COLUMNS,
    COUNTS,
    SHARE,
    Share,
    Shares,
    all_records,
    all_shares,
    changed_among,
    columns_of,
    ended_among,
    shares,
)
from reports.turn import counting_alone

# So many parts in one run.
AT_MOST = 20
Progress = Callable[[int], object]


def count_changed() -> int:
    """Count anew each record that ended or changed since it was counted; how many. Cost: what changed.

    What still waits for its verdict stays for the next time, and so does what is too much at a time, as after an
    upgrade: the other jobs have their turn. A transaction for every `AT_ONCE` changes.
    """
    counted, after = 0, 0
    for _part in range(AT_MOST):
        with counting_alone():
            rows = AwaitsCount.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "declaration")
            waiting = dict(rows[:AT_ONCE])
            done = _count({*waiting.values()})
            AwaitsCount.objects.filter(pk__in=[pk for pk, key in waiting.items() if key in done]).delete()
        if not waiting:
            break
        counted, after = counted + len(done), max(waiting)
    beat("figures")
    return counted


def recount_all(progress: Progress = lambda done: None) -> int:
    """Sum up anew what is counted, then count every record anew; how many were not counted rightly.

    Safe beside people at work, again, and after it was killed: what is stored fits together after every transaction.
    `progress` is called with the number of records that were looked at.
    """
    with counting_alone():
        MonthFigures.objects.all().delete()
        _add_to_sums(all_shares())
    wrong, done = 0, 0
    for keys in all_records():
        with counting_alone():
            before = CountedRecord.objects.in_bulk(keys)
            counted = _count(keys)
            wrong += sum(columns_of(before.get(key)) != columns_of(counted.get(key)) for key in keys)
            # Whose verdict is still to come has to be looked at again.
            waiting = keys - counted.keys() - changed_among(keys)
            AwaitsCount.objects.bulk_create(AwaitsCount(declaration_id=key) for key in sorted(waiting))
        done += len(keys)
        progress(done)
    return wrong


def _count(keys: Collection[int]) -> dict[int, CountedRecord | None]:
    """Count these records anew, and let the sums follow; what each adds now, but for those whose verdict is to come."""
    counted = ended_among(keys, now())
    before = CountedRecord.objects.in_bulk(keys)
    changed = [key for key in keys if columns_of(before.get(key)) != columns_of(counted.get(key))]
    gone = [key for key in changed if counted.get(key) is None]
    CountedRecord.objects.filter(pk__in=gone).delete()
    _store(filter(None, map(counted.get, changed)))
    difference = shares(map(counted.get, changed))
    difference.subtract(shares(map(before.get, changed)))
    _add_to_sums(difference)
    return counted


def _store(records: Iterable[CountedRecord]) -> None:
    rows = [(record.pk, *(getattr(record, name) for name in COLUMNS)) for record in records]
    add_rows(CountedRecord, ("declaration_id", *COLUMNS), rows, known="renew")


def _add_to_sums(difference: Shares) -> None:
    """One statement that reads the sums of the months that change, and at most two that write."""
    months = {month for (month, *_division), _name in difference}
    known = {_share_of(row): row for row in MonthFigures.objects.filter(month__in=months)}
    rows: dict[Share, MonthFigures] = {}
    for (share, name), value in difference.items():
        row = rows.setdefault(share, known.get(share) or MonthFigures(**dict(zip(SHARE, share, strict=True))))
        setattr(row, name, getattr(row, name) + value)
    _write([row for row in rows.values() if row.pk], ("id", *SHARE, *COUNTS))
    _write([row for row in rows.values() if not row.pk], (*SHARE, *COUNTS))


def _share_of(row: MonthFigures) -> Share:
    return tuple(getattr(row, name) for name in SHARE)


def _write(rows: list[MonthFigures], names: tuple[str, ...]) -> None:
    add_rows(MonthFigures, names, [[getattr(row, name) for name in names] for row in rows], known="renew")
