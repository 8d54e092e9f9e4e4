"""The firm for programs, and the keys that they call with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from accounts.actions.tokens import create_token
from accounts.actors import SYSTEM
from accounts.models import ApiToken
from api.base import Rate
from tests import scenes
from tests.firm import person

CallAs = Callable[..., APIClient]


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests call more often than a program may."""
    monkeypatch.setattr(Rate, "get_rate", lambda _rate: None)


@pytest.fixture
def scene(scene: scenes.Scene, unlimited: None) -> scenes.Scene:
    """A customer of the firm, whose programs may call as often as they like."""
    return scene


@pytest.fixture
def call_as(scene: scenes.Scene) -> CallAs:
    """A client with a token of that member of staff."""

    def client(number: str, scope: str = ApiToken.Scope.WRITE) -> APIClient:
        user = person(number)
        _token, key = create_token(actor=SYSTEM, user=user, name="test", days=1, scope=scope)
        called = APIClient()
        called.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return called

    return client
