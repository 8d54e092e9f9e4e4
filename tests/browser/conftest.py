"""A firm behind a live server, and its people at their browsers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import modify_settings
from pytest_django.live_server_helper import LiveServer

from tests import databases
from tests.browser import people


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A Chinese browser in Shanghai, on which nothing moves: colours half way between two themes would be measured."""
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "accept_downloads": True,
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def served(django_test_environment: None) -> Iterator[str]:
    """The address of this process's server, which answers from whatever database is open."""
    with modify_settings(ALLOWED_HOSTS={"append": "localhost"}):
        server = LiveServer("localhost")
        yield server.url
        server.stop()


@pytest.fixture
def empty_desk(request: pytest.FixtureRequest, migrated_database: str, django_db_blocker: Any) -> Iterator[None]:
    """A database of the test's own, as `migrate` leaves it: copying one is faster than emptying one."""
    with django_db_blocker.unblock(), databases.new_database(_folder(request), migrated_database):
        yield


@pytest.fixture
def firm_desk(request: pytest.FixtureRequest, firm_kept: str, django_db_blocker: Any) -> Iterator[None]:
    """The same with the firm in it."""
    with django_db_blocker.unblock(), databases.new_database(_folder(request), firm_kept):
        yield


@pytest.fixture
def doors(new_context: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """It is a Monday at ten, in Chinese; gives what opens browsers."""
    settings.LANGUAGE_CODE = "zh-hans"
    people.working_day(monkeypatch)
    return new_context


# The database is opened first, so that it goes only when the browsers are closed.
@pytest.fixture
def empty_office(empty_desk: None, served: str, doors: Any) -> Iterator[people.Office]:
    """A new desk on a Monday at ten; the test fails on an error in a script or a breach of the content policy."""
    yield from _worked_in(people.Office(served, doors))


@pytest.fixture
def office(firm_desk: None, served: str, doors: Any) -> Iterator[people.Office]:
    """The desk with the firm in it."""
    yield from _worked_in(people.Office(served, doors))


def _worked_in(office: people.Office) -> Iterator[people.Office]:
    yield office
    assert office.complaints == []


def _folder(request: pytest.FixtureRequest) -> Any:
    return request.config.cache.mkdir("databases")
