"""Servers of their own for the fault tests, and the table of what they measured."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.desk import desk
from tests.faults.mail import MailServer
from tests.faults.servers import PostgreSQL, Redis, programs

MEASURED: list[tuple[str, object, object]] = []


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    if programs() is None:
        pytest.skip("needs the programs of PostgreSQL (make test-faults)")
    server = PostgreSQL()
    yield server
    server.end()


@pytest.fixture(scope="session")
def redis(folder: Path) -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server (make test-faults)")
    server = Redis(folder)
    yield server
    server.kill()


@pytest.fixture(scope="session")
def firm(folder: Path, postgresql: PostgreSQL, redis: Redis) -> str:
    """The name of a database with the firm in it, to be copied."""
    name = "firm"
    one = desk(folder, database=postgresql.make(name), broker=redis.address())
    one.run("migrate")
    one.manage("firm", module="tests.faults.world")
    return name


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if MEASURED:
        terminalreporter.section("faults")
        for what, figure, goal in MEASURED:
            terminalreporter.write_line(f"{what:58} {figure!s:>12}   {goal}")
