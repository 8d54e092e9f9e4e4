"""What the figures of clause 7 cost among many declarations, and what counting them anew costs against plain SQL.

Run `python -m benchmarks.reports 100000` with DATABASE_URL for PostgreSQL, without for the embedded database; it makes
a scratch database and drops it.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.actors import CHINA  # noqa: E402
from accounts.models import Customer  # noqa: E402
from base.clock import set_clock  # noqa: E402
from reports.actions import count_changed, recount_all  # noqa: E402
from reports.figures import Figure  # noqa: E402
from reports.periods import Month, Period  # noqa: E402
from reports.queries.comparing import differences  # noqa: E402
from reports.queries.counting import Asked  # noqa: E402
from reports.queries.records import RecordsPart, page, worst  # noqa: E402
from reports.queries.sla import cells  # noqa: E402
from tests import scenes  # noqa: E402
from tests.firm import open_firm, person, staff  # noqa: E402

NOW = datetime(2026, 11, 23, 10, tzinfo=CHINA)
SIZE = 100_000
DAYS = 3 * 365
BATCH = 1000
ROUNDS = 7
LATELY = 1000
HEAD, AUDITOR = "S01", "S11"
USUAL = Asked(Period.usual(NOW))
# What a figure must read at least, grouped by the database alone.
MONTH = {
    "postgresql": "date_trunc('month', {moment} AT TIME ZONE 'Asia/Shanghai')",
    "sqlite": "strftime('%%Y-%%m', {moment}, '+8 hours')",
}
FLOOR = """
    SELECT {month}, department_id, customer_id, priority, count(*) FROM incidents_declaration
    WHERE {moment} >= %s AND {moment} < %s GROUP BY 1, 2, 3, 4
"""
KEYS = 1_000_000
MOMENT = "timestamp with time zone"
GIVEN = (
    "n integer",
    *(f"{name} {MOMENT}" for name in ("received", "responded", "response_due", "due", "resolved")),
    "customer integer",
    "department integer",
    "priority integer",
)
ROW = {
    "number": "'SD-20200101-' || n",
    "idempotency_key": "NULL",
    "received_at": "received",
    "first_response_at": "responded",
    "due_at": "due",
    "resolved_at": "resolved",
    "shown_due_at": "CASE WHEN resolved IS NULL THEN due END",
    "customer_id": "given.customer",
    "department_id": "given.department",
    "priority": "given.priority",
    "body": f"'{'客户来电，说本月对账单漏装一页。' * 12}'",
    "response_clock_id": f"{KEYS} + 2 * n",
    "resolution_clock_id": f"{KEYS} + 2 * n + 1",
}
Call: TypeAlias = Callable[[], object]


def main(size: int = SIZE) -> int:
    """Print every figure beside its goal; 1 if one is missed."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        with set_clock(NOW):
            fill(size)
            return max(counted_anew(size), measure(size))
    finally:
        connection.creation.destroy_test_db(str(name), verbosity=0)


def counted_anew(size: int) -> int:
    """What it costs to store what all records add, and to look through them again; 1 if something did not fit."""
    began = perf_counter()
    wrong = recount_all()
    stored = perf_counter()
    again, left = recount_all(), len(list(differences()))
    print(f"reports: {wrong:,} records counted in {stored - began:.0f} s, {left} differences")
    count_changed()
    _execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return int(bool(again or left))


def measure(size: int) -> int:
    """All sides of every ratio in turn, round by round, so that a busy machine slows them alike."""
    auditor, head, browser = staff(AUDITOR), staff(HEAD), Client(SERVER_NAME="localhost")
    browser.force_login(person(HEAD))
    calls: dict[str, Call] = {
        "floor": _floor,
        "figures of six months": lambda: cells(auditor, USUAL, NOW),
        "figures of one month": lambda: cells(auditor, Asked(Period(Month.of(NOW), Month.of(NOW))), NOW),
        "misses by name": lambda: worst(head, USUAL, NOW, 5),
        "first page of a list": lambda: page(head, Figure.RESPONSE, RecordsPart.MISSED, USUAL, NOW),
        "the same of an auditor": lambda: page(auditor, Figure.RESPONSE, RecordsPart.MISSED, USUAL, NOW),
        "solved late of an auditor": lambda: page(auditor, Figure.RESOLUTION, RecordsPart.MISSED, USUAL, NOW),
        "whole page": lambda: _fetched(browser, "/reports/"),
    }
    taken = {name: times[0] for name, times in _timed(calls).items()}
    print(f"{connection.vendor}, {size:,} declarations of three years")
    for name, seconds in taken.items():
        print(f"  {name:24} {1000 * seconds:8.1f} ms")
    goals = [
        ("figures of six months, s", taken["figures of six months"], 0.1),
        ("misses by name, s", taken["misses by name"], 0.1),
        ("first page of a list, s", taken["first page of a list"], 0.3),
        ("whole page, s", taken["whole page"], 0.3),
        ("statements of the whole page", _statements(browser), 12.0),
    ]
    for name, ratio, goal in goals:
        print(f"reports: {name:42} {ratio:6.2f}  goal at most {goal:g}  {'ok' if ratio <= goal else 'RED'}")
    return int(any(ratio > goal for _name, ratio, goal in goals))


def _timed(calls: dict[str, Call]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _round in range(ROUNDS):
        for name, call in calls.items():
            began = perf_counter()
            call()
            taken[name].append(perf_counter() - began)
    return {name: sorted(times) for name, times in taken.items()}


def _floor() -> None:
    for moment in ("received_at", "resolved_at"):
        month = MONTH[connection.vendor].format(moment=moment)
        with connection.cursor() as cursor:
            cursor.execute(FLOOR.format(month=month, moment=moment), [USUAL.period.start, USUAL.period.end])
            cursor.fetchall()


def _fetched(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 200


def _statements(browser: Client) -> float:
    with CaptureQueriesContext(connection) as captured:
        _fetched(browser, "/reports/")
    return len(captured)


def fill(size: int) -> None:
    """The firm, and copies of one of its closed incidents, in the order of their receipt; one in fifty is late.

    Of the last `LATELY` one in four is open: people work only so much at once, however many they have solved.
    """
    open_firm()
    model = scenes.Scene().closed()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE given ({', '.join(GIVEN)})")
        rows = list(_given(size))
        for first in range(0, size, BATCH):
            batch = rows[first : first + BATCH]
            marks = ", ".join(f"({', '.join(['%s'] * len(GIVEN))})" for _row in batch)
            cursor.execute(f"INSERT INTO given VALUES {marks}", [value for row in batch for value in row])
        for clock, due, stopped, key in (
            (model.response_clock, "response_due", "responded", "2 * n"),
            (model.resolution_clock, "due", "resolved", "2 * n + 1"),
        ):
            assert clock is not None
            _copy(clock, {"id": f"{KEYS} + {key}", "started_at": "received", "due_at": due, **_verdict(stopped, due)})
        _copy(
            model,
            {"id": f"{KEYS} + n", "state": "CASE WHEN resolved IS NULL THEN 'in_progress' ELSE model.state END", **ROW},
        )
    _execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _given(size: int) -> Iterator[tuple[object, ...]]:
    chance, customers = random.Random(1), list(Customer.objects.all())
    step, stored = timedelta(days=DAYS) / size, connection.ops.adapt_datetimefield_value
    for n in range(size):
        customer, received = chance.choice(customers), NOW - (size - n) * step
        responded = received + timedelta(minutes=chance.choices((1, 9), (49, 1))[0])
        resolved = received + timedelta(hours=chance.choices((3, 30), (49, 1))[0])
        moments = (received, responded, received + timedelta(minutes=5), received + timedelta(days=1))
        is_open = resolved >= NOW or (size - n <= LATELY and n % 4 == 0)
        solved = None if is_open else stored(resolved)
        yield (n, *map(stored, moments), solved, customer.pk, customer.department_id, chance.randint(1, 4))


def _verdict(stopped: str, due: str) -> dict[str, str]:
    return {"stopped_at": stopped, "met": f"{stopped} < {due}", "next_check_at": "NULL", "breached_at": "NULL"}


def _copy(model: Model, changed: dict[str, str]) -> None:
    """Its row once for each line of `given`, with some columns changed."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(column, f"model.{column}") for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} AS model, given"
            f" WHERE model.id = {model.pk} ORDER BY n"
        )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE))
