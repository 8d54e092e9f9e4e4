"""The firm for the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests import scenes


@pytest.fixture
def scene(firm: None, clock: Any) -> Iterator[scenes.Scene]:
    """A customer of the firm, on a Monday at ten; what the test does is rolled back."""
    clock.set(scenes.MONDAY)
    with transaction.atomic():
        yield scenes.Scene()
        transaction.set_rollback(True)
