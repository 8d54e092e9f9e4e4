"""A customer of the firm for the figures, and the head who reads them."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import scenes
from tests.firm import CHEN_HEAD, client_of


@pytest.fixture
def head(scene: scenes.Scene) -> Client:
    browser = client_of(CHEN_HEAD, HTTP_ACCEPT_LANGUAGE="en")
    return browser
