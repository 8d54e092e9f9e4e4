"""A hot standby of the PostgreSQL of the tests: a copy made by pg_basebackup that follows it by streaming."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests.services.production import free_port
from tests.waiting import until

# How often a port is looked for, and how long a server may take to start on a busy machine.
TRIES, SECONDS = 3, "180"


def programs() -> Path:
    """The folder of the server's programs, newest first."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def as_owner(*command: str | Path) -> None:
    """PostgreSQL refuses to run as root."""
    is_root = subprocess.run(["id", "-u"], capture_output=True, text=True, check=True).stdout.strip() == "0"
    prefix = ["runuser", "-u", "postgres", "--"] if is_root else []
    subprocess.run([*prefix, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")


class Standby:
    """It follows the server of that address; `stop` and `start` as often as it takes."""

    def __init__(self, folder: Path, address: str) -> None:
        self.primary, self.port, self.folder = urlsplit(address), 0, folder / "standby"
        copy = [programs() / "pg_basebackup", "--host", self.primary.hostname or "", "--username", "postgres"]
        copy += ["--port", str(self.primary.port), "--pgdata", self.folder, "--write-recovery-conf"]
        as_owner(*copy, "--checkpoint=fast", "--wal-method=stream", "--no-sync")

    def begin(self) -> None:
        """Start it at a free port; one that somebody takes meanwhile, as any connection may, is left to them."""
        for _try in range(TRIES):
            self.port = free_port()
            with suppress(subprocess.CalledProcessError):
                return self.start()
        raise AssertionError((self.folder / "server.log").read_text()[-2000:])

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = self.folder / "server.log"
        as_owner(programs() / "pg_ctl", "-D", self.folder, "-l", log, "-w", "-t", SECONDS, "-o", options, "start")

    def stop(self) -> None:
        as_owner(programs() / "pg_ctl", "-D", self.folder, "-m", "immediate", "stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """None of its processes does anything, and no connection is refused or ended."""
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(["pgrep", "--parent", str(pid)], capture_output=True, text=True, check=True)
        processes = [pid, *map(int, children.stdout.split())]
        for each in processes:
            os.kill(each, signal.SIGSTOP)
        try:
            yield
        finally:
            for each in processes:
                os.kill(each, signal.SIGCONT)

    def replay(self, *, goes_on: bool) -> None:
        """Let it fall behind, or follow again."""
        self._ask(f"SELECT pg_wal_replay_{'resume' if goes_on else 'pause'}()")
        state = "not paused" if goes_on else "paused"
        until(lambda: self._ask("SELECT pg_get_wal_replay_pause_state()") == state, seconds=20, what=state)

    def follow(self, place: str) -> None:
        """Wait until it has replayed what was written before `place`."""
        sql = f"SELECT pg_last_wal_replay_lsn() >= '{place}'"
        until(lambda: self._ask(sql), seconds=60, what="a standby that has caught up")

    def _ask(self, sql: str) -> object:
        address = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            found = cursor.fetchone()
            return found and found[0]


@contextmanager
def standby_of(folder: Path, address: str) -> Iterator[Standby]:
    """A running standby, in a folder that its owner may enter."""
    standby = Standby(folder, address)
    standby.begin()
    try:
        yield standby
    finally:
        standby.stop()
