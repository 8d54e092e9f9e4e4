"""Workers and beats that are killed while they are at it, and their servers with them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL
from threading import Event, Thread

import psycopg2
from celery import Celery
from kombu.exceptions import OperationalError

from tests.faults.mail import MailServer
from tests.services.production import ROOT, Production, prepared, server_of
from tests.waiting import until

POKE = 0.4
# A transaction that has written or locked something of a sweep.
SWEEPING = """
    SELECT application_name FROM pg_stat_activity
    WHERE application_name LIKE 'worker%' AND backend_xid IS NOT NULL AND state <> 'idle'
    AND query ~ 'sla_clock|escalation_|incidents_declaration'"""


@dataclass
class Desk(Production):
    """Processes under names, `worker1` or `beat2`; each is known to the database by its name."""

    fence: str = "-"
    lease: str = "-"
    address: str = field(kw_only=True)
    mail: MailServer | None = field(kw_only=True, default=None)

    def command(self, name: str, folder: str = "") -> list[str]:
        words = super().command(name, folder)
        if name != "worker":
            return words
        celery = words[words.index("celery") + 1 :]
        return [sys.executable, "-m", "tests.faults.worker", self.fence, self.lease, *celery, "-n", f"{folder}@%h"]

    def environment_of(self, name: str) -> dict[str, str]:
        told = super().environment_of(name)
        return told | {"EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}"} if self.mail else told

    def up(self, name: str) -> None:
        """Start `worker1`, `beat2` …"""
        self.changes["PGAPPNAME"] = name
        self.start(name.rstrip("0123456789"), name)

    def kill(self, name: str) -> None:
        """As the kernel does when memory runs out, and start it again."""
        self._kill(self.running.pop(name))
        self.up(name)

    def end(self) -> None:
        for process in self.running.values():
            self._kill(process)
        self.running.clear()

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        """The worker first, so that it does not replace the processes that work for it."""
        for pid in family(process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, SIGKILL)
        process.wait()

    def world(self, *arguments: str) -> None:
        """Have incidents made in a process of its own, which ends with the others."""
        command = [sys.executable, "-m", "tests.faults.world", *arguments]
        with (self.logs / "world.log").open("ab") as log:
            self.running["world"] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment_of("web"), stdout=log, stderr=log
            )

    def manage(self, *arguments: str, module: str = "") -> str:
        """Run a management command, or a module, with the worker's environment; what it says."""
        program = ["-m", module] if module else ["manage.py"]
        done = subprocess.run(
            [sys.executable, *program, *arguments],
            cwd=ROOT,
            env=self.environment_of("worker"),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sweeping(self) -> str:
        """A worker that is in the middle of a sweep."""
        try:
            with closing(psycopg2.connect(self.address)) as connection:
                connection.autocommit = True
                end = time.monotonic() + 1
                while time.monotonic() < end:
                    with connection.cursor() as cursor:
                        cursor.execute(SWEEPING)
                        if (row := cursor.fetchone()) and row[0] in self.running:
                            return str(row[0])
        except psycopg2.OperationalError:
            time.sleep(0.2)
        return ""

    def sending(self) -> str:
        """A worker that waits for the mail server's word on a message."""
        for port in list(self.mail.in_hand) if self.mail else []:
            for name, process in self.running.items():
                if name.startswith("worker") and any(_holds(pid, port) for pid in family(process.pid)):
                    return name
        return ""


def desk(
    folder: Path, *, database: str, broker: str, mail: MailServer | None = None, fence: str = "-", lease: str = "-"
) -> Desk:
    """A desk with a folder, a database and a broker of its own; without `mail` nothing answers its mails."""
    changes = prepared(folder, database=database, broker=broker)
    return Desk(changes, folder, server_of(database), address=database, fence=fence, lease=lease, mail=mail)


class Poker:
    """Asks for sweeps and deliveries all the time, as impatient beats would; doubled messages must do no harm."""

    def __init__(self, broker: str) -> None:
        self._app = Celery("poker", broker=broker, set_as_current=False)
        self._over = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Poker:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _run(self) -> None:
        while not self._over.wait(POKE):
            for task in ("escalation.tasks.sweep", "notifications.tasks.deliver"):
                with suppress(OperationalError, OSError):
                    self._app.send_task(task, expires=5, retry=False, ignore_result=True)


def family(process: int) -> list[int]:
    """The process and all that it has started, parents first."""
    children: list[int] = []
    with suppress(OSError):
        children = [int(pid) for pid in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return [process, *(pid for child in children for pid in family(child))]


def caught(at_it: Callable[[], str], seconds: float) -> str:
    """The name of a process as soon as it is at it; empty if none was within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if name := at_it():
            return name
        time.sleep(0.002)
    return ""


def ready(one: Desk, names: list[str]) -> None:
    """Wait until these workers have said so in their logs."""
    for name in names:
        until(lambda name=name: _is_ready(one, name), seconds=90, what=f"the start of {name}")


def _is_ready(one: Desk, name: str) -> bool:
    said = (one.logs / f"{name}.log").read_text()
    assert one.running[name].poll() is None, said
    return " ready." in said


def _holds(process: int, port: int) -> bool:
    """Whether the process has the near end of the connection that comes from this port of ours."""
    with suppress(OSError):
        inodes = {
            f"socket:[{line.split()[9]}]"
            for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]
            if line.split()[1] == f"0100007F:{port:04X}"
        }
        return any(os.readlink(descriptor) in inodes for descriptor in Path(f"/proc/{process}/fd").iterdir())
    return False
