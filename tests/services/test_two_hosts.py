"""Two hosts with a web server and a worker each, one database, one broker, one store of files: one host may fall."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Event
from urllib.parse import urlencode

import pytest

from tests.firm.calls import sent_call
from tests.services.production import HOST, ROOT, Production
from tests.services.test_production import production
from tests.services.test_two_workers import relayed_call, rows, told
from tests.waiting import until

__all__ = ["production"]
pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif("BROKER_URL" not in os.environ, reason="needs the servers of make test-faults"),
]
PEOPLE, CALLS_BEFORE, CALLS_AFTER = 4, 12, 24
SIGNED_IN = """
import django, json; django.setup()
from django.conf import settings
from tests import firm
firm.open_firm()
from tests.firm.calls import caller_of
print(json.dumps({
    "session": [settings.SESSION_COOKIE_NAME, firm.client_of(firm.LIU_DESK).session.session_key],
    "csrf": settings.CSRF_COOKIE_NAME,
    **caller_of(firm.contact(firm.TANG_BANK_B)),
}))
"""


@dataclass
class Desk:
    """Somebody who works at both hosts as a balancer sends them there: to the next one where one does not answer."""

    hosts: list[Production]
    known: dict
    turn: Iterator[int] = field(default_factory=count)

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Status and place of the answer, or of the other host's; raises ConnectionError if none answers."""
        first = next(self.turn)
        for further in range(len(self.hosts)):
            host = self.hosts[(first + further) % len(self.hosts)]
            try:
                return self._asked(host, method, path, body)
            except (OSError, http.client.HTTPException):
                continue
        raise ConnectionError("no host answers")

    def log(self, subject: str) -> int:
        """A call by form; what is sent again after a host fell is the same form."""
        return self.ask("POST", "/register/", urlencode(sent_call(self.known, subject)))[0]

    def _asked(self, host: Production, method: str, path: str, body: str) -> tuple[int, str]:
        token = secrets.token_hex(16)
        cookies = {self.known["session"][0]: self.known["session"][1], self.known["csrf"]: token}
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{HOST}{path}",
            "X-CSRFToken": token,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        client = http.client.HTTPConnection(host.address, host.port, timeout=30)
        try:
            client.request(method, path, body=body.encode() or None, headers=headers)
            answer = client.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            client.close()


@pytest.fixture
def other_host(production: Production) -> Iterator[Production]:
    """Another one with web and worker, on the database, the broker and the folder of the first."""
    host = Production(production.changes, production.logs, production.server)
    for service in ("web", "worker"):
        host.start(service, f"{service}-other")
    until(lambda: host.health().get("database"), seconds=60, what="the first answer of the other host")
    yield host
    for service in list(host.running):
        host.stop(service)


def known_of(desk: Production) -> dict:
    environment = {**desk.environment, "DJANGO_SETTINGS_MODULE": "config.settings"}
    said = subprocess.run(
        [sys.executable, "-c", SIGNED_IN], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return json.loads(said.stdout.splitlines()[-1])


def kill(host: Production) -> None:
    """All processes of a host at once, as a power cut does it."""
    for process in host.running.values():
        for child in children(process.pid):
            os.kill(child, signal.SIGKILL)
        process.kill()
        process.wait()
    host.running.clear()


def children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as listed:
        return [int(each) for each in listed.read().split()]


def test_a_host_falls_at_work_and_nothing_is_lost_and_nobody_is_signed_out(
    production: Production, other_host: Production
) -> None:
    desk = Desk([production, other_host], known_of(production))
    fallen, subjects = Event(), [f"对账单漏装 {number}" for number in range(CALLS_BEFORE + CALLS_AFTER)]

    def work(number: int) -> int:
        if number == CALLS_BEFORE:
            kill(other_host)
            fallen.set()
        return desk.log(subjects[number])

    with ThreadPoolExecutor(PEOPLE) as people:
        answers = list(people.map(work, range(len(subjects))))

    assert fallen.is_set()
    assert set(answers) == {302}
    found = rows(production, "SELECT subject, count(*) FROM incidents_declaration GROUP BY subject")
    assert sorted(found) == sorted((subject, 1) for subject in subjects)
    assert desk.ask("GET", "/records/")[0] == 200
    unsealed = "SELECT count(*) FROM ledger_unsealed"
    until(lambda: rows(production, unsealed) == [(0,)], seconds=120, what="a checkpoint of all that was done")
    verify = [sys.executable, "manage.py", "verify_ledger"]
    subprocess.run(verify, cwd=ROOT, env=production.environment_of("worker"), check=True)
    overdue = relayed_call(production)
    until(lambda: len(told(production, overdue)) >= 2, seconds=90, what="a warning by the worker that is left")
