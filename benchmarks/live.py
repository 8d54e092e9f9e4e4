"""What open desks cost that ask every fifteen seconds whether anything is new, as a share of one core.

Run `python -m benchmarks.live` with DATABASE_URL for PostgreSQL, without for the embedded database; it makes a scratch
database and drops it. The desk is served as it is in production, by gunicorn in processes of its own; what counts is
the processor time of these and of their connections to the database on this machine, not that of who asks.
"""

from __future__ import annotations

import http.client
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
# The sessions made here are to be those of the served desk.
os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.actors import CHINA  # noqa: E402
from base.clock import set_clock  # noqa: E402
from benchmarks.served import free_port, wait_for  # noqa: E402
from tests.firm import (  # noqa: E402
    CHEN_HEAD,
    DU_TELECOM_F,
    LIN_HEAD,
    LIU_DESK,
    TELECOM_F,
    WANG_DESK,
    ZHAO_DESK,
    client_of,
    open_firm,
)
from tests.scenes import Scene  # noqa: E402

DESKS, EVERY = 200, 15
ASKED = 1500
GOAL = 5.0
READERS = (LIU_DESK, CHEN_HEAD, WANG_DESK)
TICKS = os.sysconf("SC_CLK_TCK")
MARK = re.compile(r'data-live="(gAAA[^"]+)"')
Page = dict[str, str]


def main() -> int:
    """Print each figure beside its goal; 1 if one is missed."""
    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0)
    try:
        with set_clock(datetime.now(CHINA).replace(hour=10)):  # noqa: TID251  the served desk has that day too
            open_firm()
            record = [Scene().in_progress() for _number in range(20)][-1]
        return _measured(record.number)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measured(number: str) -> int:
    port, clients = free_port(), [client_of(reader) for reader in READERS]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class"]
    command += ["gthread", "--workers", "1", "--threads", "8", "--no-control-socket", "--log-level", "warning"]
    # By the desk's own settings: those of the tests look for static files at every request.
    own = {"DJANGO_SETTINGS_MODULE": "config.settings"}
    served = subprocess.Popen(command, env=os.environ | own | _database())
    try:
        wait_for(port)
        desks = [_page(port, client, "/") for client in clients for _desk in range(DESKS // len(clients))]
        shared = [_page(port, client, f"/records/{number}/") for client in clients[:2]]
        quiet = _cost(port, served.pid, desks, lambda: None)
        busy = _cost(port, served.pid, desks, _elsewhere())
        record = _cost(port, served.pid, shared, lambda: None)
    finally:
        served.terminate()
        served.wait()
    return _told(quiet, busy, record)


def _told(quiet: float, busy: float, record: float) -> int:
    print(f"{connection.vendor}: {quiet:.2f} ms a question, {busy:.2f} with news of others, {record:.2f} on a record")
    share, most = (cost / 10 * DESKS / EVERY for cost in (quiet, busy))
    verdict = "RED" if share >= GOAL else "ok"
    line = f"live: {DESKS} open desks of which none is refreshed   {share:5.2f} % of a core"
    print(f"{line}   goal under {GOAL:g} %   {verdict}")
    print(f"  at most, where others write before every single question: {most:.2f} % of a core")
    return int(share >= GOAL)


def _database() -> dict[str, str]:
    """The scratch database for another process."""
    found = str(connection.settings_dict["NAME"])
    url = os.environ.get("DATABASE_URL", "")
    return {"DATABASE_URL": f"{url.rpartition('/')[0]}/{found}" if url else f"sqlite:///{found}"}


def _page(port: int, client: Client, path: str) -> Page:
    """What an open page sends with each question."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    asks = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    asks.request("GET", path, headers={"Cookie": cookie})
    found = MARK.search(asks.getresponse().read().decode())
    asks.close()
    assert found, f"{path} is no open page"
    return {"Cookie": cookie, "Live": "1", "Live-Mark": found[1], "Live-Tab": secrets.token_hex(4)}


def _elsewhere() -> Callable[[], None]:
    """Somebody writes on a record that none of the readers may see."""
    with set_clock(datetime.now(CHINA).replace(hour=10)):  # noqa: TID251
        scene = Scene(customer=TELECOM_F, desk=ZHAO_DESK, head=LIN_HEAD, contact=DU_TELECOM_F)
        key = scene.accepted().pk
    sql = """
        INSERT INTO ledger_entry (stream, sequence, previous_hash, hash, body, at, action, clause, actor, actor_name,
            role, on_behalf_of, payload_digest)
        SELECT stream, (SELECT max(sequence) FROM ledger_entry WHERE stream = %s) + 1, %s, %s, '{}', at, 'x', '', actor,
            actor_name, '', '', '' FROM ledger_entry WHERE stream = %s AND sequence = 1
    """

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [f"declaration:{key}", secrets.token_hex(32), "", f"declaration:{key}"])

    return write


def _cost(port: int, pid: int, pages: list[Page], between: Callable[[], None]) -> float:
    """The processor time of one question in milliseconds, its answer being that nothing is new for the page."""
    asks = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for number in range(100):
        _asked(asks, pages[number % len(pages)])
    before = _used(pid)
    for number in range(ASKED):
        between()
        _asked(asks, pages[number % len(pages)])
    asks.close()
    return (_used(pid) - before) / ASKED * 1000


def _asked(asks: http.client.HTTPConnection, page: Page) -> None:
    asks.request("GET", "/live/", headers=page)
    answer = asks.getresponse()
    told = answer.read()
    page["Live-Mark"] = answer.headers.get("Live-Mark") or page["Live-Mark"]
    if answer.status == 200:
        # Who else is on the record: told once.
        page["Live-Mark"] = re.findall(rb'"mark": "([^"]+)"', told)[0].decode()
    assert answer.status in (200, 204), answer.status


def _used(pid: int) -> float:
    """The seconds of processor time of the desk's processes, and of its connections to the database."""
    return sum(_seconds(each) for each in [*_descendants(pid), *_backends()])


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _descendants(pid: int) -> list[int]:
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in below for each in _descendants(int(child)))]


def _backends() -> list[int]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


if __name__ == "__main__":
    sys.exit(main())
