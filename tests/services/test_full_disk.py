"""A disk that is really full, under an embedded desk: it is seen, said, and over once there is room again."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.services.test_embedded import Desk
from tests.waiting import until

pytestmark = pytest.mark.services
SIZE = "200m"
LATEST = 30


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which nothing else fills."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def desk(disk: Path, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(disk, str(tmp_path / "desk.log"))
    try:
        until(desk.healthy, seconds=180, what="a healthy desk")
        yield desk
    finally:
        desk.process.terminate()
        desk.process.wait(60)


def fill(disk: Path) -> Path:
    """Take all that is left, also what lies ready in the log of the database."""
    filler = disk / "filler"
    [database] = (disk / "var").glob("*.sqlite3")
    for _again in range(3):
        with closing(sqlite3.connect(database, timeout=20)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        try:
            with filler.open("ab", buffering=0) as file:
                while True:
                    file.write(b"x" * 4096)
        except OSError:
            continue
    return filler


def sign_in(desk: Desk) -> tuple[int, str]:
    """Somebody tries with a wrong password, which is written down."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    address = f"http://127.0.0.1:{desk.port}/sign-in/"
    with browser.open(address, timeout=30) as page:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert found is not None
    fields = {"username": f"nobody{time.monotonic_ns()}", "password": "no", "csrfmiddlewaretoken": found[1]}
    try:
        with browser.open(address, urllib.parse.urlencode(fields).encode(), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()


def test_it_is_seen_within_half_a_minute_said_in_a_sentence_and_over_with_the_cause(desk: Desk, disk: Path) -> None:
    assert sign_in(desk)[0] == 422
    filler, began = fill(disk), time.monotonic()
    until(lambda: not desk.healthy(), seconds=LATEST, what="a desk that says that it is not well")
    status, page = sign_in(desk)
    assert (status, "磁盘已满" in page) == (507, True)
    assert time.monotonic() - began < LATEST * 2
    filler.unlink()
    until(desk.healthy, seconds=240, what="a healthy desk again")
    assert sign_in(desk)[0] == 422
