"""Whose turn it is to count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from reports.models import MonthFigures


@contextmanager
def counting_alone() -> Iterator[None]:
    """A transaction in which nobody else counts; neither readers nor who works on a record wait for it."""
    with transaction.atomic():
        # SQLite has let nobody else write since the transaction began.
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {MonthFigures._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        yield
