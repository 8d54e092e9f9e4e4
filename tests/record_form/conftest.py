"""The firm, made once a module; what a test does to it is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from base.clock import set_clock
from tests import scenes


@pytest.fixture
def scene(firm: None) -> Iterator[scenes.Scene]:
    """A customer of the firm, on a Monday at ten."""
    with transaction.atomic(), set_clock(scenes.MONDAY):
        yield scenes.Scene()
        transaction.set_rollback(True)
