"""A PostgreSQL and a Redis of the test's own, which it may kill and start again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import psycopg2

from tests.waiting import until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def programs() -> Path | None:
    """Where the newest server programs of PostgreSQL lie."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return found[-1] if found else None


class PostgreSQL:
    """Keeps what it has confirmed, also through `crash`: unlike the server of .ci/services it waits for its log."""

    def __init__(self) -> None:
        bin_folder = programs()
        assert bin_folder is not None
        # Not in a folder of pytest's, which nobody but its owner may enter, and PostgreSQL does not run as root.
        self.root = Path(tempfile.mkdtemp(prefix="desk-faults-"))
        self.control, self.folder, self.port = bin_folder / "pg_ctl", self.root / "postgresql", free_port()
        self._as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as_owner:
            shutil.chown(self.root, "postgres")
        making = [bin_folder / "initdb", "-D", self.folder, "-U", "postgres", "--auth", "trust"]
        self._run(*making, "--encoding", "UTF8", "--locale", "C.UTF-8")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        self._run(self.control, "-D", self.folder, "-l", f"{self.folder}.log", "-w", "-o", options, "start")

    def stop(self, mode: str) -> None:
        self._run(self.control, "-D", self.folder, "-w", "-m", mode, "stop")

    def end(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.root)

    def restart(self, mode: str) -> None:
        """With `immediate` as after a crash: open transactions are lost, and the log is played again."""
        self.stop(mode)
        self.start()

    def address(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def make(self, name: str, template: str = "template1") -> str:
        """A new database like the template; answers its address."""
        connection = psycopg2.connect(self.address("postgres"))
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        connection.close()
        return self.address(name)

    def _run(self, *command: object) -> None:
        words = [*self._as_owner, *map(str, command)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")


class Redis:
    """As the compose file starts it: nothing outlives it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=subprocess.DEVNULL)
        until(self.answers, seconds=20, what="the start of Redis")

    def answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def address(self, number: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{number}"
