"""A firm behind a live server, and its people at their browsers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import people
from tests.firm import open_firm


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


@pytest.fixture
def empty_office(
    live_server: Any, new_context: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[people.Office]:
    """A new desk on a Monday at ten; the test fails on an error in a script or a breach of the content policy."""
    settings.LANGUAGE_CODE = "zh-hans"
    people.working_day(monkeypatch)
    office = people.Office(live_server.url, new_context)
    yield office
    assert office.complaints == []


@pytest.fixture
def office(empty_office: people.Office) -> people.Office:
    """The desk with the firm in it."""
    open_firm()
    return empty_office
