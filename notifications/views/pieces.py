"""What the pages of this room share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from accounts.acting import Actor
from notifications.access import to_keep_channels

View = Callable[..., HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def for_administrators(view: View) -> View:
    """Refuses everybody else, before anything is looked up."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        to_keep_channels(actor_of(request))
        return view(request, *args, **kwargs)

    return guarded
