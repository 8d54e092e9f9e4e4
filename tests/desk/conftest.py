"""A browser on the gallery of components, and the demonstration's firm for the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests import scenes


@pytest.fixture
def gallery(page: Any, live_server: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The page of components, opened; the test fails on an error in a script or a breach of the content policy."""
    settings.ROOT_URLCONF = "tests.desk.gallery"
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/")
    page.wait_for_load_state("networkidle")
    yield page
    assert [text for text in complaints if "422" not in text] == []


@pytest.fixture
def scene(firm: None, clock: Any) -> Iterator[scenes.Scene]:
    """A customer of the firm, on a Monday at ten; what the test does is rolled back."""
    clock.set(scenes.MONDAY)
    with transaction.atomic():
        yield scenes.Scene()
        transaction.set_rollback(True)
