"""Counts that stop counting: a list needs to know that there are many, not how many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import QuerySet

from base.sql import compiled

MOST = 1000
# A query for keys as SQL with its parameters.
Keys: TypeAlias = tuple[str, tuple[Any, ...]]


def bounded_counts(querysets: Mapping[str, QuerySet[Any]], most: int = MOST) -> dict[str, int]:
    """The number of rows of each query by its name, up to `most` + 1, which stands for more; one statement.

    Each costs what its first `most` + 1 rows cost to find.
    """
    return counted(querysets, *counting(querysets, most))


def counting(querysets: Mapping[str, QuerySet[Any]], most: int = MOST) -> tuple[str, tuple[Any, ...]]:
    """The statement of `bounded_counts`, to be kept where it is asked again and again; for `counted`."""
    return together(first(found, most) for found in querysets.values())


def first(found: QuerySet[Any], most: int = MOST) -> Keys:
    """The first of its rows, by which is seen whether there are more than `most`."""
    return compiled(found.order_by().values("pk")[: most + 1])


def together(pieces: Iterable[Keys]) -> Keys:
    """One statement that counts what each of the pieces finds, in their order; for `counted`."""
    pieces = list(pieces)
    parts = [f"(SELECT count(*) FROM ({sql}) AS found)" for sql, _values in pieces]  # noqa: S608 compiled by the ORM
    return f"SELECT {', '.join(parts)}", tuple(value for _sql, values in pieces for value in values)


def keys_of(piece: Keys) -> list[int]:
    """What such a query finds; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(*piece)
        return [key for (key,) in cursor.fetchall()]


def counted(names: Collection[str], sql: str, parameters: Sequence[Any]) -> dict[str, int]:
    """What the statement of `counting` counts, by these names; none where there are no names."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return dict(zip(names, cursor.fetchone(), strict=True))
