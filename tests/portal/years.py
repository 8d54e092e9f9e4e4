"""A desk that has worked for years: many records of old beside the few of today, on PostgreSQL.

PostgreSQL chooses its ways by what it knows of a table. What it happens to know of the few rows of a test depends on
whether it has looked at them yet; here there are many, and it has looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, models

from incidents.models import Declaration, Report
from ledger.models import Entry
from notifications.models import Notification
from sla.models import Clock

RECORDS = 20_000
# Their own keys begin here, far behind those of the rows that they are copies of.
BASE = 1_000_000
NEW = f"{BASE} + g"


def add_years(pattern: Declaration) -> None:
    """Copies of a record that has ended, one an hour into the past, with what belongs to each; then look at all."""
    hours_ago = " - interval '1 hour' * g"
    own = {
        "number": f"'SD-20200101-' || ({NEW})",
        "resolution_clock_id": NEW,
        "response_clock_id": "NULL",
        "relay_clock_id": "NULL",
        "idempotency_key": "NULL",
    }
    with _unchecked():
        copy(Clock, f"t.id = {pattern.resolution_clock_id}", RECORDS, _moved(Clock, hours_ago))
        copy(Declaration, f"t.id = {pattern.pk}", RECORDS, _moved(Declaration, hours_ago) | own)
        told = {"stream": f"'declaration:' || ({NEW})"}
        copy(Entry, f"t.stream = '{pattern.stream}' AND t.sequence = 1", RECORDS, told)
        copy(Report, "t.id = (SELECT min(id) FROM incidents_report)", RECORDS, {"declaration_id": NEW})
        copy(Notification, _FIRST_OF_PATTERN.format(stream=pattern.stream), RECORDS, told)
    _execute(f"ANALYZE {_tables()}")


def forget_years() -> None:
    """Once they are rolled back, take the dead rows out of the way of the tests that follow."""
    _execute(f"VACUUM ANALYZE {_tables()}")


def _tables() -> str:
    """Not those of the server, which other databases use too."""
    return ", ".join(connection.introspection.table_names())


_FIRST_OF_PATTERN = "t.id = (SELECT min(id) FROM notifications_notification WHERE stream = '{stream}')"


def copy(kind: type[models.Model], pattern: str, count: int, changed: Mapping[str, str]) -> None:
    """`count` copies of the row `t` that fits `pattern`, numbered by g, but for what is changed."""
    columns = [field.column for field in kind._meta.concrete_fields if not field.generated]
    values = ", ".join(({"id": NEW} | changed).get(column, f't."{column}"') for column in columns)
    names, table = ", ".join(f'"{column}"' for column in columns), kind._meta.db_table
    _execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS t, generate_series(1, {count}) AS g"
        f" WHERE {pattern}"
    )


def _moved(kind: type[models.Model], by: str) -> dict[str, str]:
    moments = [field.column for field in kind._meta.concrete_fields if isinstance(field, models.DateTimeField)]
    return {column: f't."{column}"{by}' for column in moments}


@contextmanager
def _unchecked() -> Iterator[None]:
    """No guards, no checks of keys: the copies are as right as their pattern."""
    _execute("SET LOCAL session_replication_role = replica")
    yield
    _execute("SET LOCAL session_replication_role = origin")


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
