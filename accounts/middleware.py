"""Who stands behind a request, and in which zone they read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.actors import Actor, actor_for
from accounts.requests import DeskRequest
from base.zones import zone_of

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


class ReadersZone:
    """Shows and reads times on the wall clock of whoever is signed in, by the zone of the account.

    Strangers and programs with a token have that of the settings.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: DeskRequest) -> HttpResponse:
        with timezone.override(zone_of(getattr(request.user, "zone", "")) or timezone.get_default_timezone()):
            return self.get_response(request)


def _actor_of(request: DeskRequest) -> Actor:
    return actor_for(request.user, via="api" if getattr(request, "auth", None) else "")
