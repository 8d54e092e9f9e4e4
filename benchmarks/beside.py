"""What the daily work costs here and with django-helpdesk, a desk that is built with the same Django.

Run `python -m benchmarks.beside 20000` with DATABASE_URL for PostgreSQL; it makes two scratch databases on that server
and drops them, and a Python environment for django-helpdesk in `var/helpdesk`. Both desks hold as many records; each
is served by two processes of gunicorn, and both are asked by one client in turn, so that a busy neighbour slows both
alike. Told is the median of all rounds. What the desk does more than its peer (ledger, clock, outbox, search index) is
inside.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402

from benchmarks.own import EVENTS, desk, log_call  # noqa: E402
from benchmarks.served import Served, helpdesk_python  # noqa: E402
from tests import databases  # noqa: E402
from tests.firm import TANG_BANK_B  # noqa: E402
from tests.firm.calls import minute_ago, posted_call  # noqa: E402

SIZE, ROUNDS, EACH, WARM = 20_000, 8, 5, 4
MOST_MEMORY = 130
LIST = urlencode({"draw": 1, "start": 0, "length": 25, "order[0][column]": 5, "order[0][dir]": "asc"})
QUERY = "eyJzb3J0aW5nIjogImR1ZV9kYXRlIn0="


@dataclass(frozen=True)
class Work:
    """One piece of daily work: what the desk is asked for, what its peer is, and how long the desk may take of that."""

    name: str
    goal: float
    here: Callable[[Served], None]
    there: Callable[[Served], None]


def main(size: int = SIZE) -> int:
    """Print each piece of work, and the memory; 1 if a goal is missed."""
    if connection.vendor != "postgresql":
        print("beside: only on PostgreSQL, name one by DATABASE_URL")
        return 0
    with desk(size) as here, _helpdesk(size) as there:
        red = sum(not measured(work, here, there) for work in WORK)
        own, other = here.memory(), there.memory()
    fits = own <= MOST_MEMORY
    _line("beside: memory of the web", f"{own} MiB, {other} there", f"{MOST_MEMORY} MiB", fits)
    return int(bool(red) or not fits)


def measured(work: Work, here: Served, there: Served) -> bool:
    """Both in turn; whether the goal is met."""
    for _time in range(WARM):
        work.here(here)
        work.there(there)
    took: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        took[0].extend(_timed(lambda: work.here(here)) for _time in range(EACH))
        took[1].extend(_timed(lambda: work.there(there)) for _time in range(EACH))
    own, other = map(median, took)
    figure = f"{1000 * own:.0f} ms, {1000 * other:.0f} there, {own / other:.2f} ×"
    _line(f"beside: {work.name}", figure, f"{work.goal:.2f} ×", fits := own <= work.goal * other)
    return fits


@contextmanager
def _helpdesk(size: int) -> Iterator[Served]:
    """Its peer, filled by itself."""
    name = f"beside_{secrets.token_hex(4)}"
    databases.create(name)
    try:
        server = connection.settings_dict
        own = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.helpdesk.settings",
            "SECRET_KEY": secrets.token_hex(32),
            "DATABASE": name,
            "DATABASE_HOST": str(server["HOST"]),
            "DATABASE_PORT": str(server["PORT"]),
            "DATABASE_USER": str(server["USER"]),
        }
        python, environment = helpdesk_python(), os.environ | own
        fill = [python, "-m", "benchmarks.helpdesk.fill", str(size)]
        told = subprocess.run(fill, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        given = {"cookie": f"sessionid={told[-2]}", "csrf": "csrftoken", "record": told[-1]}
        with Served(
            [python, "-m", "gunicorn", "django.core.wsgi:get_wsgi_application()"], environment, given
        ) as served:
            yield served
    finally:
        databases.drop(name)


def _log_there(helpdesk: Served) -> None:
    fields = {
        "queue": "1",
        "title": f"对账单漏装 {secrets.token_hex(4)}",
        "body": "本月对账单漏装一页，请补寄。",
        "priority": "3",
        "submitter_email": "customer@example.com",
        "assigned_to": "",
        "due_date": "",
    }
    helpdesk.post("/tickets/submit/", fields, expected=302)


def _send_here(desk: Served) -> None:
    call = posted_call(TANG_BANK_B, minute_ago())
    headers = {"Authorization": f"Bearer {desk.given['token']}", "Idempotency-Key": secrets.token_hex(8)}
    desk.send("/api/v1/declarations/", json.dumps(call), headers, expected=201)


def _send_there(helpdesk: Served) -> None:
    call = {"queue": 1, "title": "对账单漏装", "description": "客户来电，说本月对账单漏装一页。", "priority": 3}
    helpdesk.send("/api/tickets/", json.dumps(call), {}, expected=201)


def _list_there(helpdesk: Served) -> None:
    helpdesk.get("/tickets/")
    helpdesk.get(f"/datatables_ticket_list/{QUERY}?{LIST}")


WORK = (
    Work("open the form of a call", 1.0, lambda d: d.get("/register/"), lambda h: h.get("/tickets/submit/")),
    Work("log a call by form", 1.0, log_call, _log_there),
    Work("log a call by REST", 1.0, _send_here, _send_there),
    Work("list, 25 by due", 0.25, lambda d: d.get("/records/?view=all&sort=due"), _list_there),
    Work(
        f"open a record, {EVENTS} events",
        0.33,
        lambda d: d.get(f"/records/{d.given['record']}/"),
        lambda h: h.get(f"/tickets/{h.given['record']}/"),
    ),
)


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _line(name: str, figure: str, goal: str, fits: bool) -> None:
    print(f"{name:44}  {figure:>34}  goal {goal}  {'ok' if fits else 'red'}", flush=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE))
