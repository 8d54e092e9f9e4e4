"""What every test can ask for."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from base.clock import now, set_clock
from incidents.models import Declaration
from ledger.triggers import lifted
from procedure.queries import rules
from tests import databases, scenes
from tests.databases import INSTALLED
from tests.firm import open_firm

# Playwright keeps an event loop, in which Django would refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# The shell draws the same pages without the windows round them, which cost as much again.
SHELL, BROWSER = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
CHROMIUM = SHELL if Path(SHELL).exists() else BROWSER
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# Every test that was found, whether the options of this run choose it or not.
FOUND = pytest.StashKey[list[pytest.Item]]()
TRANSACTION_CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ", "PRAGMA")


# A busy machine is no fault of the code.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_configure() -> None:
    """Look for garbage more seldom: with every model and test loaded, each full look is long and finds little."""
    gc.set_threshold(50_000, 20, 20)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database`: what touches no database is the same on both, and needs to run on one of them only."""
    parser.addoption("--database", action="store_true", help="only tests that use the database")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.stash[FOUND] = list(items)
    if config.getoption("--database"):
        others = [item for item in items if not uses_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if uses_database(item)]


def uses_database(item: pytest.Item) -> bool:
    """Whether it opens the database of the tests, or databases of its own, as those of `upgrades` do."""
    is_marked = item.get_closest_marker("django_db") is not None
    return is_marked or not {"db", "transactional_db"}.isdisjoint(item.fixturenames) or "/upgrades/" in item.nodeid


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How many forms were tried, and how often; what the jobs of a day took (tests/browser/)."""
    reports = [report for each in ("passed", "failed") for report in terminalreporter.getreports(each)]
    tried = [dict(report.user_properties) for report in reports if report.when == "call"]
    forms, trials = (sum(each.get(name, 0) for each in tried) for name in ("forms", "trials"))
    if forms:
        terminalreporter.write_line(f"{forms} forms, {trials} trials")
    for each in tried:
        if "job" in each:
            terminalreporter.write_line(each["job"])


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end, and is not looked through again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _nobody_has_asked_before() -> None:
    """Rates are counted in the cache, which outlives the database of a test: on a fast machine they were reached."""
    cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, which asks nothing of the network."""
    return {"executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def migrated_database(request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any) -> str:
    """The name of a migrated database, to be copied."""
    with django_db_blocker.unblock():
        return databases.migrated(request.config.cache.mkdir("databases"))


@pytest.fixture(scope="session")
def django_db_setup(
    migrated_database: str, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The database of this process."""
    name = connection.creation._get_test_db_name()
    with django_db_blocker.unblock():
        databases.create(name, migrated_database)
    with databases.opened(name):
        yield
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture(scope="session")
def firm_kept(request: pytest.FixtureRequest, migrated_database: str, django_db_blocker: Any) -> str:
    """The name of a database with the firm as it came to be that Monday, to be copied."""
    folder = request.config.cache.mkdir("databases")
    with django_db_blocker.unblock():
        return databases.kept(folder, "firm", open_firm, at=scenes.MONDAY, template=migrated_database)


@pytest.fixture(scope="session")
def records_kept(request: pytest.FixtureRequest, firm_kept: str, django_db_blocker: Any) -> str:
    """The name of a database with the firm and one declaration in each state, to be copied."""
    folder = request.config.cache.mkdir("databases")
    with django_db_blocker.unblock():
        return databases.kept(folder, "records", scenes.fill, at=scenes.MONDAY, template=firm_kept)


@pytest.fixture(scope="session")
def firm_database(firm_kept: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of a second database of this process, with the firm."""
    with databases.copied("firm", firm_kept, django_db_blocker) as name:
        yield name


@pytest.fixture(scope="session")
def records_database(records_kept: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of a third one, with the firm and one declaration in each state."""
    with databases.copied("records", records_kept, django_db_blocker) as name:
        yield name


@pytest.fixture(autouse=True)
def _own_file_store(settings: Any, tmp_path: Path) -> None:
    """Attachments of a test go where only that test looks."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _own_copy_of_checkpoints(settings: Any, tmp_path: Path) -> None:
    """What a test rolls back must not look like an old database to the next one."""
    settings.CHECKPOINT_COPY = tmp_path / "checkpoints.jsonl"


@pytest.fixture(autouse=True, scope="session")
def _emptying_lifts_the_triggers() -> Iterator[None]:
    """A transactional test ends by emptying all tables, which the ledger's triggers rightly refuse."""
    empty_tables = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def empty_with_triggers_lifted(case: TransactionTestCase) -> None:
        # `flush` installs anew.
        with lifted(), set_clock(INSTALLED):
            empty_tables(case)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", empty_with_triggers_lifted)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _starts_in_english() -> Iterator[None]:
    """A page that an earlier test asked for in Chinese leaves its language in the thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def count_queries() -> Callable[[Callable[[], object]], int]:
    """`count_queries(call)` is the number of SQL statements of `call`, transaction control not counted."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return sum(not query["sql"].lstrip().upper().startswith(TRANSACTION_CONTROL) for query in captured)

    return count


@pytest.fixture(scope="module")
def firm(firm_database: str, django_db_blocker: Any) -> Iterator[None]:
    """The desk of the module has the firm; what the module makes of it is undone."""
    with django_db_blocker.unblock(), databases.opened(firm_database), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def records(records_database: str, db: None, clock: Clock) -> Iterator[dict[str, Declaration]]:
    """The firm has one declaration in each state, on a Monday at ten; what the test makes of them is undone."""
    clock.set(scenes.MONDAY)
    with databases.opened(records_database), transaction.atomic():
        yield {record.state: record for record in Declaration.objects.order_by("pk")}
        transaction.set_rollback(True)


@pytest.fixture
def monday(firm: None, db: None) -> Iterator[None]:
    """It is Monday, 10 o'clock, in that firm."""
    with set_clock(scenes.MONDAY):
        yield


@pytest.fixture
def parameter(monkeypatch: pytest.MonkeyPatch) -> Callable[[Declaration, str, object], None]:
    """`parameter(declaration, key, value)` sets a parameter of the procedure that the record was accepted under."""

    def change(declaration: Declaration, key: str, value: object) -> None:
        found = rules(declaration.procedure_version_id).parameters
        monkeypatch.setitem(found, key, replace(found[key], value=value))

    return change


class Clock:
    """The desk's time in the hand of a test."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def set(self, at: datetime) -> datetime:
        """Stop the clock at `at` (aware)."""
        self._stack.close()
        self._stack.enter_context(set_clock(at))
        return at

    def advance(self, **duration: float) -> datetime:
        """Move on by a timedelta's keywords (hours=2) and stop there."""
        return self.set(now() + timedelta(**duration))


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Time stands where the test puts it and runs again afterwards."""
    with ExitStack() as stack:
        yield Clock(stack)


@pytest.fixture
def scene(firm: None, clock: Clock) -> Iterator[scenes.Scene]:
    """A customer of the firm, on a Monday at ten; what the test does is rolled back."""
    clock.set(scenes.MONDAY)
    with transaction.atomic():
        yield scenes.Scene()
        transaction.set_rollback(True)
