"""The answer to most questions of open pages, before sessions, accounts and languages are read: nothing is new."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from desk.live.marks import digest, opened
from desk.live.queries import is_as_known

MARK = "Live-Mark"
ADDRESS = "/live/"


class QuickAnswers:
    """Middleware: 204 where nothing at all was written since the mark, asked from the session that it was made for.

    The mark vouches for the person, the session has to be there still, and whatever moves rights or ends an account is
    written down as well: then, after a while anyway, and for a record always, the whole desk answers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == ADDRESS and request.method == "GET" and _nothing_is_new(request):
            return HttpResponse(status=204)
        return self.get_response(request)


def _nothing_is_new(request: HttpRequest) -> bool:
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    mark = opened(request.headers.get(MARK, "")) if session else None
    if mark is None or mark.record or mark.is_over or mark.session != digest(session):
        return False
    return is_as_known(mark.newest, mark.user, session)
