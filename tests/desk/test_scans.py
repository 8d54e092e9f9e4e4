"""No page of anybody reads a table that grows with the years from end to end: it finds what it shows by an index.

The desk has worked for years here, and each statement of a page is carried out again on PostgreSQL, which counts the
rows that it reads, also those that it throws away. PostgreSQL is told to avoid reading a whole table at any price: a
walk along an index that throws away nearly everything, until it has filled its page, counts like that.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.clock import set_clock
from tests import databases, scenes
from tests.desk.walk import EVERYBODY, Firm
from tests.desk.years import OPEN, RECORDS, add_years, forget_years
from tests.firm import LIU_DESK, client_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL tells what a statement reads"),
]
# What is open may be read; a count stops at 1,001, and passes over what was reviewed already.
MOST_READ = 2_000 + OPEN
GROWING = {
    "audit_conclusion",
    "audit_review",
    "escalation_problem",
    "escalation_warning",
    "escalation_warningrecipient",
    "incidents_communication",
    "incidents_confirmation",
    "incidents_declaration",
    "incidents_handlingstep",
    "incidents_handover",
    "incidents_knowledgelookup",
    "incidents_report",
    "ledger_entry",
    "ledger_payload",
    "notifications_notification",
    "reports_countedrecord",
    "search_document",
    "sla_clock",
    "sla_clockevent",
}
PAGES = (
    "/",
    "/records/",
    "/records/?view=mine",
    "/records/?view=late",
    "/records/?view=all",
    "/records/?view=all&sort=received",
    "/decisions/",
    "/handovers/",
    "/filing/",
    "/problems/",
    "/problems/?view=waiting",
    "/audit/",
    "/audit/?view=going",
    "/audit/?view=findings",
    "/team/",
    "/customers/",
    "/register/",
    "/knowledge/",
    "/live/frame/",
    "/my/",
    "/records/?q=对账单",
    "/reports/",
    "/reports/?by=customer&since=2025-01",
    "/reports/records/",
    "/reports/records/?part=missed",
    "/reports/records/?part=overdue",
    "/notifications/",
    "/settings/dead-letters/",
    "/settings/outbox/",
)


@pytest.fixture(scope="module")
def busy(firm_database: str, django_db_blocker: Any) -> Iterator[Firm]:
    """The firm on a day on which everything happened, made once for the module, after years of others."""
    with django_db_blocker.unblock(), databases.opened(firm_database):
        with transaction.atomic(), set_clock(scenes.MONDAY):
            firm = Firm.busy()
            add_years()
            yield firm
            transaction.set_rollback(True)
        forget_years()


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_reads_whole_what_grows(busy: Firm, who: str) -> None:
    with set_clock(scenes.MONDAY):
        client = client_of(who)
        records = [f"/records/{number}/" for number in busy.numbers[:1]]
        assert [far for path in (*PAGES, *records) for far in reads_of(client, path)] == []


def test_a_page_whose_index_is_gone_would_be_seen(busy: Firm) -> None:
    path = "/records/?view=all&sort=received"
    with set_clock(scenes.MONDAY), transaction.atomic():
        client = client_of(LIU_DESK)
        assert list(reads_of(client, path)) == []
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX declaration_received")
        assert {table for _path, table, _rows, _sql in reads_of(client, path)} == {"incidents_declaration"}
        transaction.set_rollback(True)


def test_a_statement_without_an_index_would_be_seen(busy: Firm) -> None:
    [(table, rows)] = read_too_far("SELECT id FROM incidents_declaration WHERE body = 'x'")
    assert (table, rows >= RECORDS) == ("incidents_declaration", True)
    assert list(read_too_far("SELECT id FROM incidents_declaration WHERE id = 1")) == []


def test_a_walk_along_an_index_that_throws_nearly_everything_away_would_be_seen(busy: Firm) -> None:
    walk = "SELECT id FROM incidents_declaration WHERE {} ORDER BY received_at DESC, id DESC LIMIT 26"
    assert [table for table, _rows in read_too_far(walk.format("body = 'x'"))] == ["incidents_declaration"]
    assert list(read_too_far(walk.format("body <> 'x'"))) == []


def reads_of(client: Client, path: str) -> Iterator[tuple[str, str, int, str]]:
    """Which statements of the page read too far: the page, the table, how many rows of it, the statement."""
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    statements = [query["sql"] for query in captured if query["sql"].lstrip().startswith(("SELECT", "WITH"))]
    for sql in statements:
        for table, rows in read_too_far(sql):
            yield path, table, rows, sql


def read_too_far(sql: str) -> Iterator[tuple[str, int]]:
    """The growing tables of which the statement reads more rows than any page needs, and how many."""
    with connection.cursor() as cursor:
        # Making programs of what is dear at any price would take seconds.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    for table, rows in _read((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]):
        if table in GROWING and rows > MOST_READ:
            yield table, rows


def _read(node: dict[str, Any]) -> Iterator[tuple[str, int]]:
    if table := node.get("Relation Name"):
        dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        yield table, (node["Actual Rows"] + dropped) * node["Actual Loops"]
    for part in node.get("Plans", []):
        yield from _read(part)
