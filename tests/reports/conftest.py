"""A customer of the firm for the figures, and the head who reads them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests import scenes
from tests.firm import CHEN_HEAD, person


@pytest.fixture
def scene(firm: None, clock: Any) -> Iterator[scenes.Scene]:
    """On a Monday at ten; what the test does is rolled back."""
    clock.set(scenes.MONDAY)
    with transaction.atomic():
        yield scenes.Scene()
        transaction.set_rollback(True)


@pytest.fixture
def head(scene: scenes.Scene) -> Client:
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    browser.force_login(person(CHEN_HEAD))
    return browser
