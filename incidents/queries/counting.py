"""Counts that stop counting: a list needs to know that there are many, not how many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from base.sql import compiled

MOST = 1000


def bounded_counts(querysets: Mapping[str, QuerySet[Any]], most: int = MOST) -> dict[str, int]:
    """The number of rows of each query by its name, up to `most` + 1, which stands for more; one statement.

    Each costs what its first `most` + 1 rows cost to find.
    """
    return counted(querysets, *counting(querysets, most))


def counting(querysets: Mapping[str, QuerySet[Any]], most: int = MOST) -> tuple[str, tuple[Any, ...]]:
    """The statement of `bounded_counts`, to be kept where it is asked again and again; for `counted`."""
    parts: list[str] = []
    parameters: list[Any] = []
    for found in querysets.values():
        sql, values = compiled(found.order_by().values("pk")[: most + 1])
        parts.append(f"(SELECT count(*) FROM ({sql}) AS found)")  # noqa: S608 compiled by the ORM
        parameters.extend(values)
    return f"SELECT {', '.join(parts)}", tuple(parameters)


def counted(names: Collection[str], sql: str, parameters: Sequence[Any]) -> dict[str, int]:
    """What the statement of `counting` counts, by these names; none where there are no names."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return dict(zip(names, cursor.fetchone(), strict=True))
