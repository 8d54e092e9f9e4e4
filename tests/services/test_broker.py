"""The broker as the compose file starts it, on the server of this machine that speaks the same protocol."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.services.production import SERVICES, free_port
from tests.waiting import until

pytestmark = pytest.mark.services
PASSWORD = "Sesam_42-" * 8


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    (tmp_path / "broker_password").write_text(PASSWORD + "\n")
    port = free_port()
    [*shell, script] = SERVICES["valkey"]["command"]
    script = script.replace("$$", "$").replace("/tmp/", f"{tmp_path}/")  # noqa: S108  the container's own
    script = script.replace("/run/secrets", str(tmp_path)).replace("valkey-server", "redis-server", 1).strip()
    # Else the server would write its title over its command line.
    script += f" --port {port} --dir {tmp_path} --set-proc-title no"
    process = subprocess.Popen([*shell, script], stdout=subprocess.DEVNULL)
    try:
        yield process, port
    finally:
        process.terminate()
        process.wait(20)


def pings(port: int, password: str | None) -> bool | None:
    """None while nobody answers."""
    try:
        return bool(redis.Redis(port=port, password=password).ping())
    except redis.AuthenticationError:
        return False
    except redis.ConnectionError:
        return None


def test_it_asks_for_a_password_that_stands_on_no_command_line(broker: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = broker
    until(lambda: pings(port, PASSWORD), seconds=20, what="the start of the broker")
    assert pings(port, None) is False
    assert pings(port, "guessed") is False
    command_line = Path(f"/proc/{process.pid}/cmdline").read_text()
    assert re.search(r"redis-server", command_line)
    assert PASSWORD not in command_line


def test_given_as_an_argument_the_password_would_stand_there(tmp_path: Path) -> None:
    command = ["redis-server", "--port", str(free_port()), "--dir", str(tmp_path), "--requirepass", PASSWORD]
    process = subprocess.Popen([*command, "--set-proc-title", "no"], stdout=subprocess.DEVNULL)
    try:
        command_line = Path(f"/proc/{process.pid}/cmdline")
        # It is empty for a moment while the program is being loaded.
        end = time.monotonic() + 20
        while not command_line.read_text() and time.monotonic() < end:
            time.sleep(0.01)
        assert PASSWORD in command_line.read_text()
    finally:
        process.terminate()
        process.wait(20)


def test_its_file_with_the_password_is_for_itself_alone(
    broker: tuple[subprocess.Popen[bytes], int], tmp_path: Path
) -> None:
    until(lambda: pings(broker[1], PASSWORD), seconds=20, what="the start of the broker")
    assert (tmp_path / "valkey.conf").stat().st_mode & 0o077 == 0
