"""The answer to most questions of open pages, before sessions, accounts and languages are read: nothing is new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.actors import actor_for
from accounts.signed_in import ACCOUNTS
from desk.live.marks import Mark, digest, opened
from desk.live.queries import Newest, newest_in_session, news_since, records_of_problems
from incidents.access import sees_any

MARK = "Live-Mark"
ADDRESS = "/live/"


class QuickAnswers:
    """Middleware: 204 where nothing was written since the mark that concerns its page, asked from its session.

    The mark vouches for the person, the session has to be there still, and whatever moves rights or ends an account is
    written down as well: then, after a while anyway, and for a record always, the whole desk answers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asks = request.path == ADDRESS and request.method == "GET"
        return (_answer(request) if asks else None) or self.get_response(request)


def _answer(request: HttpRequest) -> HttpResponse | None:
    """None where the whole desk has to answer."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    mark = opened(request.headers.get(MARK, "")) if session else None
    if mark is None or mark.record or mark.is_over or mark.session != digest(session):
        return None
    newest = newest_in_session(mark.user, session)
    if newest is None or (newest != mark.newest and _concerns(mark, newest)):
        return None
    # Always, so that it does not tell whether something was written that only others see.
    return HttpResponse(status=204, headers={MARK: replace(mark, newest=newest).sealed()})


def _concerns(mark: Mark, newest: Newest) -> bool:
    """Whether anything that came may matter to the reader of the page, or to the reader's rights."""
    if (newest.unread, newest.messages) != (mark.newest.unread, mark.newest.messages):
        return True
    user = ACCOUNTS.first(key=mark.user)
    if user is None or not user.is_active:
        return True
    news = news_since(mark.newest, user.stream)
    if news.all or news.others or news.own:
        return True
    keys = news.records.union(records_of_problems(news.problems))
    return bool(keys) and (mark.shows_any(keys) or sees_any(actor_for(user), keys))
