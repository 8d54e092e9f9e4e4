"""Behind a pooler in transaction mode: what its connections cannot carry is not asked of them."""

from __future__ import annotations

import os
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from config import checks
from tests.services.racing import THREADS, at_once

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif("DATABASE_POOLED" not in os.environ, reason="needs the pooler of .ci/pooled"),
    pytest.mark.django_db(transaction=True),
]


def shown(command: str) -> list[dict[str, Any]]:
    """What the pooler's own console answers."""
    console = urlsplit(os.environ["DATABASE_URL"])._replace(path="/pgbouncer").geturl()
    with closing(psycopg2.connect(console)) as asking:
        asking.autocommit = True
        cursor = asking.cursor()
        cursor.execute(command)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_a_connection_is_somebody_elses_after_each_transaction() -> None:
    [mode] = [each["value"] for each in shown("SHOW CONFIG") if each["key"] == "pool_mode"]
    assert mode == "transaction"

    def served_by(_number: int) -> set[int]:
        found = set()
        for _again in range(20):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                found.add(cursor.fetchone()[0])
        return found

    servers = at_once(served_by, THREADS * 2)
    # Twice as many as the pool holds were served, and by the same few.
    assert len(set().union(*servers)) <= THREADS < THREADS * 2


def test_rows_are_fetched_without_a_cursor_on_the_server() -> None:
    assert connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert "options" not in connection.settings_dict["OPTIONS"]


def test_the_role_carries_what_the_connection_cannot() -> None:
    checks._require_settings_of_role()


def test_a_role_without_it_does_not_start() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        with pytest.raises(ImproperlyConfigured, match=r"roles\.sql"):
            checks._require_settings_of_role()
