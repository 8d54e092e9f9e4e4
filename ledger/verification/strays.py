"""Rows that nothing tells of."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator


def strays(there: Iterable[int], known: array[int]) -> Iterator[int]:
    """The keys, given in order, that are not among those told of, in whatever order; eight bytes a key."""
    expected = iter(array("q", sorted(known)))
    reached = next(expected, None)
    for key in there:
        while reached is not None and reached < key:
            reached = next(expected, None)
        if reached != key:
            yield key
