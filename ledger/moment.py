"""Reading as of one moment while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_moment(*, writes: bool = False) -> Iterator[None]:
    """One transaction in which every statement sees the same state of the database.

    Inside a transaction of the caller's it is that one whose view counts. Without `writes` nobody is held up.
    """
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            access = "READ WRITE" if writes else "READ ONLY"
            cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ {access}")
            yield
    else:
        with _begins(None if writes else "DEFERRED"), transaction.atomic():
            yield


@contextmanager
def _begins(mode: str | None) -> Iterator[None]:
    """On SQLite every transaction keeps its view; an immediate one, our default, also keeps writers out."""
    connection.ensure_connection()  # Only an open one knows its mode.
    wrapper: Any = connection
    usual = wrapper.transaction_mode
    wrapper.transaction_mode = mode or usual
    try:
        yield
    finally:
        wrapper.transaction_mode = usual
