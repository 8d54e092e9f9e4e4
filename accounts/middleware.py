"""Who stands behind a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.actors import Actor, actor_for
from accounts.requests import DeskRequest

Answer = Callable[[DeskRequest], HttpResponse]


class ActorMiddleware:
    """Gives every request its `actor`, read from the database only when somebody asks for it.

    A request that REST framework authenticated by a token acts `via` "api".
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: DeskRequest) -> HttpResponse:
        request.actor = cast(Actor, SimpleLazyObject(lambda: _actor_of(request)))
        return self.get_response(request)


def _actor_of(request: DeskRequest) -> Actor:
    return actor_for(request.user, via="api" if getattr(request, "auth", None) else "")
