"""Queries of the ORM as parts of statements that it cannot write."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet


def compiled(found: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    """A query for keys as SQL with its parameters, also where the ORM knows without asking that nothing fits."""
    try:
        return found.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT CAST(NULL AS bigint) WHERE 1 = 0", ()
