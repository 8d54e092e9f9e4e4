"""The embedded desk as a person starts it: one command, and nothing left when it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.services


class Desk:
    def __init__(self, folder: Path, log: str = "desk.log") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.marker = f"127.0.0.1:{self.port}"
        self.environment = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "VAR_DIR": str(folder / "var")}
        self.log = folder / log
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "desk_up", "--no-demo", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=file,
                stderr=file,
            )

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(json.load(answer)["healthy"])
        except OSError:
            return False

    def processes(self, word: str) -> list[int]:
        """Everything on this machine that runs in the data folder of this desk and has `word` on its command line."""
        return [
            int(folder.name)
            for folder in Path("/proc").glob("[0-9]*")
            if self.environment["VAR_DIR"] in read(folder / "environ") and word in read(folder / "cmdline")
        ]


def read(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:
        return ""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("embedded"))
    try:
        until(desk.healthy, seconds=180, what="a healthy desk")
        yield desk
    finally:
        desk.process.terminate()
        desk.process.wait(30)


def test_the_sign_in_page_is_there_in_chinese(desk):
    with urllib.request.urlopen(f"http://127.0.0.1:{desk.port}/sign-in/", timeout=20) as answer:
        assert b'lang="zh-CN"' in answer.read()


def test_static_files_are_served_without_being_collected(desk):
    with urllib.request.urlopen(f"http://127.0.0.1:{desk.port}/static/vendor/tabler.min.css", timeout=20) as answer:
        assert answer.status == 200


def test_a_second_desk_on_the_same_port_says_what_to_do(desk, tmp_path):
    second = start_second(desk.port, {**desk.environment, "VAR_DIR": str(tmp_path)})
    assert second.returncode == 1
    assert f"PORT={desk.port + 1} make run" in second.stderr


def test_a_second_desk_in_the_same_folder_says_where_the_first_is(desk):
    second = start_second(desk.port + 1, desk.environment)
    assert second.returncode == 1
    assert f"This desk runs already, at http://127.0.0.1:{desk.port}/" in second.stderr


def start_second(port: int, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "desk_up", "--no-demo", "--port", str(port)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_of_two_that_start_in_an_empty_folder_at_one_moment_one_opens_and_one_says_so(tmp_path):
    both = [Desk(tmp_path, "one.log"), Desk(tmp_path, "other.log")]
    try:
        until(lambda: any(one.process.poll() is not None for one in both), seconds=180, what="the end of one")
        ended, goes_on = sorted(both, key=lambda one: one.process.poll() is None)
        until(goes_on.healthy, seconds=180, what="a healthy desk")
        assert ended.process.returncode == 1
        assert f"This desk runs already, at http://127.0.0.1:{goes_on.port}/" in ended.log.read_text()
        assert "Traceback" not in ended.log.read_text() + goes_on.log.read_text()
    finally:
        for one in both:
            one.process.terminate()
            one.process.wait(30)


def test_a_killed_web_server_and_a_killed_worker_come_back(desk):
    web, worker = desk.processes("gunicorn"), desk.processes("celery")
    for process in web + worker:
        os.kill(process, signal.SIGKILL)
    until(
        lambda: set(desk.processes("gunicorn")) - set(web) and set(desk.processes("celery")) - set(worker),
        seconds=60,
        what="the return of both",
    )
    until(desk.healthy, seconds=60, what="a healthy desk")


def test_a_killed_desk_leaves_no_process_behind(desk):
    assert desk.processes("")
    desk.process.kill()
    desk.process.wait()
    until(lambda: not desk.processes(""), seconds=40, what="the end of every process")


@pytest.mark.parametrize(
    "command",
    [
        ["gunicorn", "config.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"],
        ["celery", "-A", "config", "worker", "--pool", "solo"],
        ["celery", "-A", "config", "beat", "--pidfile=", "--schedule", "beat-schedule"],
    ],
    ids=["web", "worker", "beat"],
)
def test_production_does_not_start_with_weak_settings(tmp_path, command):
    weak = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(tmp_path),
        "EMBEDDED": "false",
        "SECRET_KEY": "short",
        "BROKER_URL": "memory://",
    }
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tmp_path,
        env=weak | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode != 0
    assert "SECRET_KEY is missing or too easy" in ended.stderr
