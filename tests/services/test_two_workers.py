"""Two workers and two beats of the compose file on one database and one broker: what is due is told once."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from tests.services.production import ROOT, Production
from tests.services.test_production import production
from tests.waiting import until

__all__ = ["production"]
pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif("BROKER_URL" not in os.environ, reason="needs the servers of make test-services"),
]
# Somebody relayed a call an hour ago: its response and its receipt by the desk are both overdue.
FENCES_DOWN = """
DROP INDEX one_warning_a_threshold;
CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER forget BEFORE UPDATE ON sla_clock FOR EACH ROW EXECUTE FUNCTION forget();
"""
RELAYED_AN_HOUR_AGO = """
import django; django.setup()
from datetime import timedelta
from base.clock import now, set_clock
from accounts.models import User
from tests import firm, scenes
if not User.objects.filter(employee_number=firm.LIU_DESK).exists():
    firm.open_firm()
with set_clock(now() - timedelta(hours=1)):
    print(scenes.Scene().relayed().pk)
"""


def relayed_call(desk: Production) -> int:
    environment = {**desk.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    told = subprocess.run(
        [sys.executable, "-c", RELAYED_AN_HOUR_AGO],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(told.stdout.split()[-1])


def address(desk: Production) -> str:
    """The database as its superuser, who may do what no process of the desk may."""
    return f"postgres://postgres@{desk.server}"


def rows(desk: Production, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(psycopg2.connect(address(desk))) as reading, reading.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def told(desk: Production, declaration: int) -> list[str]:
    """The warnings and reminders that the ledger of the record tells of."""
    found = rows(
        desk,
        "SELECT action FROM ledger_entry WHERE stream = %s AND action LIKE 'warn%%' ORDER BY action",
        f"declaration:{declaration}",
    )
    return [action for (action,) in found]


def test_two_workers_and_two_beats_warn_once(production: Production) -> None:
    production.start("worker", "worker2")
    production.start("beat", "beat2")
    first = relayed_call(production)
    until(lambda: len(told(production, first)) >= 2, seconds=60, what="the warning of the first record")
    # The second one is told by a later round, in which the first would be told again if it could.
    second = relayed_call(production)
    until(lambda: len(told(production, second)) >= 2, seconds=60, what="the warning of the second record")
    for declaration in (first, second):
        assert told(production, declaration) == ["warn_relay", "warn_response"]
        warnings = rows(production, "SELECT threshold FROM escalation_warning WHERE declaration_id = %s", declaration)
        assert warnings == [(100,)]
    doubled = rows(
        production,
        "SELECT event, stream, user_id FROM notifications_notification GROUP BY 1, 2, 3 HAVING count(*) > 1",
    )
    assert doubled == []


def test_without_its_fences_the_same_processes_would_warn_again_and_again(production: Production) -> None:
    """Neither is a clock noted as checked nor a second warning of one threshold refused; the database stays so."""
    with closing(psycopg2.connect(address(production))) as writing, writing, writing.cursor() as cursor:
        cursor.execute(FENCES_DOWN)
    declaration = relayed_call(production)
    until(lambda: len(told(production, declaration)) > 2, seconds=90, what="a warning that was given before")
    until(lambda: told(production, declaration).count("warn_response") > 1, seconds=90, what="the doubled warning")
