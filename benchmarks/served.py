"""A desk that is served by processes of its own, as a client sees it."""

from __future__ import annotations

import http.client
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


class Served:
    """Two processes of gunicorn, each with so many `threads` for requests.

    `given` is what its client knows: the cookie by which it is signed in, the name of the one against forged requests
    (csrf), and whatever else is asked with.
    """

    def __init__(
        self, command: list[str], environment: Mapping[str, str], given: dict[str, str], threads: int = 1
    ) -> None:
        self.given = given
        self._port, self._token = free_port(), secrets.token_hex(16)
        bound = ["--bind", f"127.0.0.1:{self._port}", "--workers", str(WORKERS), "--log-level", "warning"]
        bound += ["--worker-class", "gthread", "--threads", str(threads)] if threads > 1 else []
        self._command, self._environment = [*command, *bound, "--no-control-socket"], dict(environment)

    def __enter__(self) -> Served:
        self._process = subprocess.Popen(self._command, env=self._environment, cwd=ROOT)
        wait_for(self._port)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        self._process.wait()

    def get(self, path: str) -> bytes:
        """The page; raises AssertionError if it is none."""
        return self._asked("GET", path, None, {}, 200)

    def post(self, path: str, fields: dict[str, str], *, expected: int) -> None:
        """A form, as the browser sends it."""
        sent = urlencode({**fields, "csrfmiddlewaretoken": self._token})
        self._asked("POST", path, sent, {"Content-Type": "application/x-www-form-urlencoded"}, expected)

    def send(self, path: str, body: str, headers: dict[str, str], *, expected: int) -> None:
        """JSON, as a program sends it."""
        self._asked("POST", path, body, {"Content-Type": "application/json", **headers}, expected)

    def memory(self) -> int:
        """The proportional share of all its processes in MiB."""
        return sum(map(_memory_of, _with_children(self._process.pid))) // 1024

    def _asked(
        self, method: str, path: str, body: str | None, headers: dict[str, str], expected: int, cookie: str = ""
    ) -> bytes:
        known = {
            "Cookie": f"{cookie or self.given['cookie']}; {self.given['csrf']}={self._token}",
            "X-CSRFToken": self._token,
        }
        if "Authorization" in headers:
            known = {}
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        client.request(method, path, body=body.encode() if body else None, headers={**known, **headers})
        answer = client.getresponse()
        text = answer.read()
        client.close()
        assert answer.status == expected, f"{method} {path}: {answer.status}\n{text.decode(errors='replace')[-9000:]}"
        return text


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until somebody answers there; raises TimeoutError after a minute."""
    for _try in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the desk does not answer")


def helpdesk_python() -> str:
    """The Python of an environment of its own with django-helpdesk, made at the first call."""
    folder, wanted = ROOT / "var" / "helpdesk", ROOT / "requirements" / "helpdesk.txt"
    python, done = folder / "bin" / "python", folder / "done"
    if not done.exists() or done.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", wanted], check=True)
        done.touch()
    return str(python)


def _with_children(pid: int) -> list[int]:
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in below for each in _with_children(int(child)))]


def _memory_of(pid: int) -> int:
    """In KiB."""
    lines: Any = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("Pss:")))
