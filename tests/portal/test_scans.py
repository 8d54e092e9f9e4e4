"""No page of anybody has to read a table from end to end that grows with the years: each of its parts has an index.

PostgreSQL is told to avoid that at any price, so it does it only where it must. Reading all of a few rows is no worse
than any other way, and whether it knows that they are few depends on chance, so there are many. A walk along an index
that ends at a limit is allowed: the pages of a list are such.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from config.clock import set_clock
from tests import scenes
from tests.portal.walk import EVERYBODY, Firm, signed_in
from tests.portal.years import add_years, forget_years

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL can be told to avoid a scan"),
]
GROWING = {"incidents_declaration", "incidents_report", "ledger_entry", "notifications_notification", "sla_clock"}
PAGES = ("/", "/records/", "/records/?view=mine", "/records/?view=late", "/decisions/", "/handovers/", "/filing/")


@pytest.fixture(scope="module")
def busy(django_db_setup: None, django_db_blocker: Any) -> Iterator[Firm]:
    """The firm on a day on which everything happened, made once for the module, after years of others."""
    with django_db_blocker.unblock(), transaction.atomic(), set_clock(scenes.MONDAY):
        scenes.firm()
        firm = Firm.busy()
        add_years(scenes.Scene().filed())
        yield firm
        transaction.set_rollback(True)
    with django_db_blocker.unblock():
        forget_years()


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_has_to_scan_what_grows(busy: Firm, who: str) -> None:
    with set_clock(scenes.MONDAY), CaptureQueriesContext(connection) as captured:
        client = signed_in(who)
        for path in PAGES:
            client.get(path)
    statements = {query["sql"] for query in captured if query["sql"].startswith("SELECT")}
    assert [(table, sql) for sql in sorted(statements) for table in scanned(sql)] == []


def test_a_statement_without_an_index_would_be_seen(busy: Firm) -> None:
    assert list(scanned("SELECT id FROM incidents_declaration WHERE body = 'x'")) == ["incidents_declaration"]
    assert list(scanned("SELECT id FROM incidents_declaration WHERE id = 1")) == []


def scanned(sql: str) -> Iterator[str]:
    """The growing tables that PostgreSQL must read whole for this statement."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    yield from _whole((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"], limited=False)


def _whole(node: dict[str, Any], *, limited: bool) -> Iterator[str]:
    kind, limited = node["Node Type"], limited or node["Node Type"] == "Limit"
    whole_index = kind in ("Index Scan", "Index Only Scan") and "Index Cond" not in node and not limited
    if node.get("Relation Name") in GROWING and (kind == "Seq Scan" or whole_index):
        yield node["Relation Name"]
    for part in node.get("Plans", []):
        yield from _whole(part, limited=limited)
