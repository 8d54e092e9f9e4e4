"""A browser on the gallery of components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def gallery(page: Any, live_server: Any, settings: Any) -> Iterator[Any]:
    """The page of components, opened; the test fails on an error in a script or a breach of the content policy."""
    settings.ROOT_URLCONF = "tests.ui.gallery"
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/")
    page.wait_for_load_state("networkidle")
    yield page
    assert [text for text in complaints if "422" not in text] == []
