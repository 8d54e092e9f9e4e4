"""The demonstration's firm, made once a module; what a test does to it is rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from base.clock import set_clock
from tests import scenes


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        scenes.firm()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def scene(firm: None) -> Iterator[scenes.Scene]:
    """A customer of the firm, on a Monday at ten."""
    with transaction.atomic(), set_clock(scenes.MONDAY):
        yield scenes.Scene()
        transaction.set_rollback(True)
