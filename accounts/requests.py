"""The request as views see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import TypeVar

from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.actors import Actor
from ui.htmx import HtmxRequest

T = TypeVar("T")
READ = "_read_"


class DeskRequest(HtmxRequest):
    """Django's request with what the middleware adds to each: who acts, and whether htmx asks for a part of a page.

    For annotations only; nothing makes one. Where lists are read from a replica, also the moment as of which the page
    is, if that is some time ago, and the connection that was put aside.
    """

    actor: Actor
    as_of: datetime | None
    primary: BaseDatabaseWrapper


def once_a_request(read: Callable[[DeskRequest], T]) -> Callable[[DeskRequest], T]:
    """Reads at the first call for a request, and answers the same at every later one."""
    name = f"{READ}{read.__name__}"

    @wraps(read)
    def remembered(request: DeskRequest) -> T:
        own = vars(request)
        if name not in own:
            own[name] = read(request)
        found: T = own[name]
        return found

    return remembered


def forget_reads(request: DeskRequest) -> None:
    """Let everything be read anew that was read once for this request."""
    own = vars(request)
    for name in [name for name in own if name.startswith(READ)]:
        del own[name]
