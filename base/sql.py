"""Queries of the ORM as parts of statements that it cannot write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL


def compiled(found: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """A query for keys as SQL with its parameters, also where the ORM knows without asking that nothing fits."""
    try:
        return found.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT CAST(NULL AS bigint) AS one WHERE 1 = 0", ()


def listed_keys(keys: Iterable[int]) -> RawSQL:
    """Keys for `filter(pk__in=…)` as one parameter, of which PostgreSQL's planner knows how many there are."""
    return RawSQL("SELECT unnest(%s::bigint[])", [f"{{{','.join(map(str, keys))}}}"])
