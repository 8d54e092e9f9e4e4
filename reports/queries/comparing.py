"""Whether the stored figures are what the records tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from base.clock import now
from incidents.models import Declaration
from reports.models import CountedRecord
from reports.queries.counted import (
    COLUMNS,
    SHARE,
    all_records,
    all_shares,
    changed_among,
    columns_of,
    ended_among,
    stored_shares,
)
from reports.turn import counting_alone


def differences(progress: Callable[[int], object] = lambda done: None) -> Iterator[str]:
    """What differs, a line each: records that add something else than was counted, then sums that do not add up.

    What is known to have changed since is no difference. Reads every record, beside people at work; `progress` is
    called with the number of those that were looked at.
    """
    done = 0
    for keys in all_records():
        yield from _records_that_differ(keys)
        done += len(keys)
        progress(done)
    with counting_alone():
        stored, summed = stored_shares(), all_shares()
    for share, name in sorted(stored.keys() | summed.keys(), key=str):
        if stored[share, name] != summed[share, name]:
            division = _named(SHARE, share)
            yield f"{name} of {division}: {stored[share, name]} should be {summed[share, name]}"


def _records_that_differ(keys: Collection[int]) -> Iterator[str]:
    with counting_alone():
        stored, counted = CountedRecord.objects.in_bulk(keys), ended_among(keys, now())
        # Last, so that it names whatever has changed between the two.
        known = changed_among(keys)
    said = {}
    for key in sorted(set(keys) - known):
        was, should = columns_of(stored.get(key)), columns_of(counted.get(key))
        if key not in counted:
            said[key] = "should wait to be counted"
        elif was != should:
            said[key] = f"{_named(COLUMNS, was)} should be {_named(COLUMNS, should)}"
    if said:
        numbers = dict(Declaration.objects.filter(pk__in=said).values_list("pk", "number"))
        yield from (f"{numbers[key]}: {words}" for key, words in said.items())


def _named(names: Collection[str], values: Collection[object] | None) -> str:
    if values is None:
        return "nothing"
    return ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
