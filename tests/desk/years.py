"""A desk that has worked for years: many records of old beside the few of today, on PostgreSQL.

PostgreSQL chooses its ways by what it knows of a table. What it happens to know of the few rows of a test depends on
whether it has looked at them yet; here there are many, and it has looked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import connection, models

from benchmarks import seeding
from incidents.models import Communication, Declaration, Report
from ledger.models import Entry
from notifications.models import Notification
from sla.models import Clock
from tests.firm import DU_TELECOM_F, LIN_HEAD, TELECOM_F, ZHAO_DESK
from tests.scenes import Scene

RECORDS = 20_000
OPEN = 400
# Of the other kinds that grow with the years, more than any page reads; problems are few in any firm.
HISTORY = {"late": 3_000, "answered": 2_000, "handover_done": 3_000, "problem": 1_000}
# Their own keys begin here, far behind those of the rows that they are copies of.
BASE = 1_000_000_000
OTHERS = Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F)
HOURS_AGO = " - interval '1 hour' * g"
FILED = {"state": "'filed'", "filed_at": "t.closed_at", "filed_by_id": "t.closed_by_id"}
MINUTES_LATER = " + interval '1 minute' * g"


def add_years() -> None:
    """Filed records of two departments, one an hour into the past, and the open ones of one; then look at all.

    And, with all that belongs to them, what was late and reviewed for it, handed over and completed, reported to the
    head and answered, escalated to a problem and received.
    """
    played = list(seeding.play(seeding.PARTIES[:1], HISTORY, {}))
    seeding.settle(played)
    seeding.add(played, sum(HISTORY.values()))
    ended, others = Scene().closed(), OTHERS.closed()
    with _unchecked():
        _add(ended, BASE, RECORDS // 2, HOURS_AGO, FILED)
        _add(others, 2 * BASE, RECORDS // 2, HOURS_AGO, FILED)
        _add(OTHERS.in_progress(), 3 * BASE, OPEN, MINUTES_LATER, {})
    _execute(f"ANALYZE {_tables()}")


def forget_years() -> None:
    """Once they are rolled back, take the dead rows out of the way of the tests that follow."""
    _execute(f"VACUUM ANALYZE {_tables()}")


def _add(pattern: Declaration, base: int, count: int, moved: str, changed: Mapping[str, str]) -> None:
    """Copies of a record, with its clock, its first entry, a report, a message and what was told to the customer."""
    key, stream = f"{base} + g", {"stream": f"'declaration:' || ({base} + g)"}
    own = {
        "number": f"'SD-20200101-' || ({key})",
        "resolution_clock_id": key,
        "shown_clock_id": key,
        "response_clock_id": "NULL",
        "relay_clock_id": "NULL",
        "idempotency_key": "NULL",
        **changed,
    }
    copies: tuple[tuple[type[models.Model], str, Mapping[str, str]], ...] = (
        (Clock, f"t.id = {pattern.resolution_clock_id}", _moments(Clock, moved)),
        (Declaration, f"t.id = {pattern.pk}", _moments(Declaration, moved) | own),
        (Entry, f"t.stream = '{pattern.stream}' AND t.sequence = 1", stream),
        (Report, _first(Report), {"declaration_id": key}),
        (Communication, _first(Communication), {"declaration_id": key}),
        (Notification, _first(Notification), stream),
    )
    for kind, which, own_columns in copies:
        _copy(kind, which, count, {"id": key, **own_columns})


def _first(kind: type[models.Model]) -> str:
    return f"t.id = (SELECT min(id) FROM {kind._meta.db_table})"


def _copy(kind: type[models.Model], which: str, count: int, changed: Mapping[str, str]) -> None:
    """`count` copies of the row `t`, numbered by g, but for what is changed."""
    columns = [field.column for field in kind._meta.concrete_fields if not field.generated]
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    names, table = ", ".join(f'"{column}"' for column in columns), kind._meta.db_table
    _execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS t, generate_series(1, {count}) AS g"
        f" WHERE {which}"
    )


def _moments(kind: type[models.Model], moved: str) -> dict[str, str]:
    fields = [field.column for field in kind._meta.concrete_fields if isinstance(field, models.DateTimeField)]
    return {column: f't."{column}"{moved}' for column in fields}


def _tables() -> str:
    """Not those of the server, which other databases use too."""
    return ", ".join(connection.introspection.table_names())


@contextmanager
def _unchecked() -> Iterator[None]:
    """No guards, no checks of keys: the copies are as right as their pattern."""
    _execute("SET LOCAL session_replication_role = replica")
    yield
    _execute("SET LOCAL session_replication_role = origin")


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
