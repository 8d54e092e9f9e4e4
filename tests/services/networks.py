"""Hosts with networks of their own on one machine: network namespaces on one bridge, where the servers listen."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.services.production import free_port
from tests.services.standby import as_owner, programs
from tests.waiting import until

NETWORK = "10.203.77"
SERVER = f"{NETWORK}.1"
MISSING = "needs root, Debian's iproute2, and a machine that lets root make networks"


def run(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


class Host:
    """A host on the bridge; its cable can be pulled, and its power cut."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.address, self.cable = name, f"{NETWORK}.{number}", f"desk{number}"

    def set_up(self) -> None:
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        run("ip", "link", "set", self.cable, "master", "desk0", "up")
        run("ip", "-n", self.name, "addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            run("ip", "-n", self.name, "link", "set", device, "up")

    @property
    def within(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    def plug(self, *, is_in: bool) -> None:
        run("ip", "link", "set", self.cable, "up" if is_in else "down")

    def cut_power(self) -> None:
        """All its processes end at once."""
        for pid in run("ip", "netns", "pids", self.name).split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def take_away(self) -> None:
        self.cut_power()
        # A namespace lives on, and its end of the cable with it, until the last of its processes is gone.
        for what in (["link", "delete", self.cable], ["netns", "delete", self.name]):
            subprocess.run(["ip", *what], check=False)


@contextmanager
def hosts_on_a_bridge(*names: str) -> Iterator[list[Host]]:
    """Hosts by these names; skips the test where none can be made."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip(MISSING)
    with ExitStack() as ending:
        try:
            run("ip", "link", "add", "desk0", "type", "bridge")
        except subprocess.CalledProcessError as error:
            pytest.skip(f"{MISSING}: {error.stderr}")
        ending.callback(run, "ip", "link", "delete", "desk0")
        run("ip", "addr", "add", f"{SERVER}/24", "dev", "desk0")
        run("ip", "link", "set", "desk0", "up")
        made = [Host(name, number) for number, name in enumerate(names, 2)]
        for host in made:
            ending.callback(host.take_away)
            host.set_up()
        yield made


@contextmanager
def postgresql_on_the_bridge() -> Iterator[str]:
    """Host and port of a PostgreSQL that the hosts reach, whose superuser needs no password."""
    folder, port = Path(tempfile.mkdtemp()), free_port()
    shutil.chown(folder, "postgres")
    data = folder / "data"
    as_owner(
        programs() / "initdb", "-D", data, "-U", "postgres", "--auth", "trust", "--locale", "C.UTF-8", "-E", "UTF8"
    )
    with (data / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {NETWORK}.0/24 trust\n")
    options = f"-p {port} -k {folder} -c listen_addresses={SERVER} -c fsync=off"
    as_owner(programs() / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield f"{SERVER}:{port}"
    finally:
        as_owner(programs() / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@contextmanager
def redis_on_the_bridge(folder: Path) -> Iterator[str]:
    """Host and port of a Redis that the hosts reach."""
    port = free_port()
    command = ["redis-server", "--bind", SERVER, "--port", str(port), "--protected-mode", "no", "--save", ""]
    server = subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL)
    ping = ["redis-cli", "-h", SERVER, "-p", str(port), "ping"]
    try:
        until(lambda: subprocess.run(ping, capture_output=True).returncode == 0, seconds=20, what="Redis")
        yield f"{SERVER}:{port}"
    finally:
        server.terminate()
        server.wait(10)
