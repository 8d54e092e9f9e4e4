"""The firm for warnings, requests and problems."""

from __future__ import annotations

import pytest

from tests import scenes


@pytest.fixture
def scene(monday: None) -> scenes.Scene:
    """A customer of the firm, on that Monday at ten."""
    return scenes.Scene()
