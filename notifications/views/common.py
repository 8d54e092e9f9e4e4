"""What the pages of this room share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse

from accounts.requests import DeskRequest
from notifications.access import require_keep_channels

View = Callable[..., HttpResponse]


def for_administrators(view: View) -> View:
    """Refuses everybody else, before anything is looked up."""

    @wraps(view)
    def guarded(request: DeskRequest, *args: object, **kwargs: object) -> HttpResponse:
        require_keep_channels(request.actor)
        return view(request, *args, **kwargs)

    return guarded
