"""Two hosts with networks of their own: a cable is pulled for seconds, then one host loses its power, under load."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import psycopg2
import pytest

from tests.services.networks import SERVER, Host, hosts_on_a_bridge, postgresql_on_the_bridge, redis_on_the_bridge
from tests.services.production import ROOT, Production, prepared
from tests.services.test_two_hosts import Desk, known_of
from tests.services.test_two_workers import relayed_call, rows, told
from tests.waiting import until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif("BROKER_URL" not in os.environ, reason="needs the programs of make test-faults"),
]
PEOPLE, CALLS, PULLED_AT, CUT_AT = 4, 60, 12, 36
PULLED_FOR = 6


@dataclass
class Firm:
    """The machines of a firm, and what runs on them."""

    machines: list[Host]
    desks: list[Production]
    known: dict
    """What somebody needs who is signed in."""


@pytest.fixture
def firm(tmp_path: Path, roles_alone: None) -> Iterator[Firm]:
    with ExitStack() as ending:
        machines = ending.enter_context(hosts_on_a_bridge("desk-one", "desk-two"))
        server = ending.enter_context(postgresql_on_the_bridge())
        broker = ending.enter_context(redis_on_the_bridge(tmp_path))
        database = made(server)
        changes = prepared(tmp_path, database=f"postgres://postgres@{database}", broker=f"redis://{broker}/0")
        changes["TRUSTED_PROXIES"] = f"{SERVER}/32"
        desks = [Production(changes, tmp_path, database, address=each.address, within=each.within) for each in machines]
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input"]
        subprocess.run(collect, cwd=ROOT, env=desks[0].environment, check=True, stdout=subprocess.DEVNULL)
        desks[0].run("migrate")
        # Before anything is sealed: the firm is older than this test.
        known = known_of(desks[0])
        for number, desk in enumerate(desks):
            for service in ("web", "worker", "beat"):
                desk.start(service, f"{service}-{number}")
        for desk in desks:
            until(lambda desk=desk: desk.health().get("database"), seconds=120, what="the first answer of a host")
        yield Firm(machines, desks, known)


def made(server: str) -> str:
    """A new database there, with its server."""
    with_server = psycopg2.connect(f"postgres://postgres@{server}/postgres")
    with_server.autocommit = True
    with_server.cursor().execute("CREATE DATABASE desk")
    with_server.close()
    return f"{server}/desk"


def pulled(host: Host) -> None:
    host.plug(is_in=False)
    time.sleep(PULLED_FOR)
    host.plug(is_in=True)


def test_a_cable_is_pulled_and_a_host_falls_and_nothing_is_lost_and_nobody_is_signed_out(firm: Firm) -> None:
    first, second = firm.machines
    desk = Desk(firm.desks, firm.known)
    subjects = [f"对账单漏装 {number}" for number in range(CALLS)]
    pulling = Thread(target=pulled, args=[first])

    def work(number: int) -> int:
        if number == PULLED_AT:
            pulling.start()
        if number == CUT_AT:
            pulling.join()
            second.cut_power()
        return desk.log(subjects[number])

    with ThreadPoolExecutor(PEOPLE) as people:
        answers = list(people.map(work, range(CALLS)))

    assert set(answers) == {302}
    found = rows(firm.desks[0], "SELECT subject, count(*) FROM incidents_declaration GROUP BY subject")
    assert sorted(found) == sorted((subject, 1) for subject in subjects)
    # The cookie of before the first fault still opens a page.
    assert desk.ask("GET", "/records/")[0] == 200
    unsealed = "SELECT count(*) FROM ledger_unsealed"
    until(lambda: rows(firm.desks[0], unsealed) == [(0,)], seconds=120, what="a checkpoint of all that was done")
    verify = [sys.executable, "manage.py", "verify_ledger"]
    subprocess.run(verify, cwd=ROOT, env=firm.desks[0].environment_of("worker"), check=True)
    overdue = relayed_call(firm.desks[0])
    until(lambda: len(told(firm.desks[0], overdue)) >= 2, seconds=120, what="a warning by the host that is left")
