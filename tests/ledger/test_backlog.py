"""A backlog of unsealed entries costs a checkpoint what it takes of it, however long it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.clock import now, set_clock
from ledger.actions import append
from ledger.actions.checkpoints import SEALER
from ledger.models import Entry
from ledger.queries import backdated, unsealed
from tests.scenes import MONDAY

pytestmark = pytest.mark.django_db
CHAINS, ENTRIES, LIMIT = 20, 200, 10
LONG_AGO = timedelta(days=30)


@pytest.fixture
def backlog() -> Iterator[list[Entry]]:
    """Entries of several chains in turns, of which no checkpoint covers one."""
    with set_clock(MONDAY):
        yield [add(f"test:{number % CHAINS}") for number in range(ENTRIES)]


def add(stream: str) -> Entry:
    return append(stream, signature=SEALER, action="noted", payload={"facts": {}})


def rows_read(sql: str) -> int:
    """How many rows of entries and of what waits the statement looks at."""
    with connection.cursor() as cursor:
        # What the server believes of the tables may date from another test, which left them empty.
        cursor.execute("ANALYZE ledger_entry, ledger_unsealed")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    return sum(_read((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))


def _read(node: dict[str, Any]) -> Iterator[int]:
    if node.get("Relation Name") in {"ledger_unsealed", "ledger_entry"}:
        yield (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    for part in node.get("Plans", []):
        yield from _read(part)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="reads a plan of PostgreSQL")
def test_no_statement_reads_more_of_it_than_is_taken(backlog: list[Entry]) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert len(unsealed(LIMIT, since=None)) == LIMIT
    # Of each the row that waits, its entry and the one before that.
    assert [rows_read(each["sql"]) <= LIMIT * 3 for each in captured] == [True]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="reads a plan of PostgreSQL")
def test_a_look_at_the_whole_backlog_would_be_seen(backlog: list[Entry]) -> None:
    with CaptureQueriesContext(connection) as captured:
        backdated(None)
    assert max(rows_read(each["sql"]) for each in captured) >= ENTRIES


def test_all_of_it_is_taken_in_the_order_of_its_keys(backlog: list[Entry]) -> None:
    keys = [head.key for head in unsealed(ENTRIES * 2, since=None) if head.stream.startswith("test:")]
    assert keys == [entry.pk for entry in backlog]


def test_more_chains_that_are_dated_back_than_are_taken_at_once_hold_up_nobody(backlog: list[Entry]) -> None:
    """They stand before all others, and each look finds nothing but them."""
    with set_clock(now() + LONG_AGO):
        late = add("test:late")
        assert [head.key for head in unsealed(LIMIT, since=now() - timedelta(hours=1))] == [late.pk]


def test_what_follows_an_entry_that_is_dated_back_waits_with_it(backlog: list[Entry]) -> None:
    """Also where the two are looked at apart."""
    with set_clock(now() + LONG_AGO):
        late = [add("test:0") for _again in range(LIMIT)]
        taken = {head.key for head in unsealed(ENTRIES, since=now() - timedelta(hours=1))}
    assert taken.isdisjoint(entry.pk for entry in late)
