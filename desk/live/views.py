"""What an open page asks: whether anything is new, and for the counts round its content."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import DeskRequest
from base.clock import now
from desk.live import queries
from desk.live.marks import LONGEST, Mark, opened, session_of
from desk.live.notices import notices
from desk.live.presence import Present, present
from desk.live.quick import MARK
from incidents.access import sees_any

EVERYTHING = {"page": True, "frame": True}


@require_GET
def news(request: DeskRequest) -> HttpResponse:
    """204 if nothing is new for this page; else what has to be loaded again, and who is on the record besides.

    The page sends the mark that it was made with. Nothing that only somebody else may see changes the answer.
    """
    if not isinstance(request.user, User):
        return HttpResponse(status=401)
    mark = opened(request.headers.get(MARK, ""))
    if mark is None:
        return JsonResponse(EVERYTHING)
    if mark.user != request.user.pk:
        return HttpResponse(status=409)
    if mark.record and not queries.record_of(request.actor, mark.record):
        return HttpResponse(status=404)
    return _answer(request, request.user, mark)


def _answer(request: DeskRequest, user: User, mark: Mark) -> HttpResponse:
    newest = queries.newest(user.pk)
    others = _present(request, user, mark)
    changed = EVERYTHING if mark.is_over else _changed(request, user, mark, newest)
    after = replace(mark, newest=newest, present=others.digest, session=session_of(request))
    if changed["page"] or changed["frame"] or others.digest != mark.present:
        told = {**changed, "shared": others.shared, "writing": others.writing, "mark": _renewed(after).sealed()}
        if changed["frame"] and request.headers.get("Live-Notices"):
            told["notices"] = notices(request.actor)
        return JsonResponse(told)
    # Always, so that it does not tell whether something was written that only others see.
    return HttpResponse(status=204, headers={MARK: after.sealed()})


def _renewed(mark: Mark) -> Mark:
    return replace(mark, until=(now() + LONGEST).timestamp()) if mark.is_over else mark


def _present(request: DeskRequest, user: User, mark: Mark) -> Present:
    if not mark.record:
        return Present()
    tab, writes = request.headers.get("Live-Tab", ""), bool(request.headers.get("Live-Writes"))
    return present(mark.record, user, tab=tab, writes=writes)


def _changed(request: DeskRequest, user: User, mark: Mark, newest: queries.Newest) -> dict[str, Any]:
    """What of the page is old: its content, the counts round it; and who changed its record."""
    if newest == mark.newest:
        return {"page": False, "frame": False}
    told = (newest.unread, newest.messages) != (mark.newest.unread, mark.newest.messages)
    if newest.entry == mark.newest.entry and newest.entries == mark.newest.entries:
        return {"page": False, "frame": told}
    found = queries.news_since(mark.newest, user.stream)
    concerns = found.all or found.others or _is_seen(request, mark, found)
    if not mark.record:
        return {"page": concerns, "frame": concerns or told}
    return {
        "page": found.all or mark.record in found.records or _joined(mark, found),
        "frame": concerns or told,
        "by": found.by.get(mark.record, ""),
    }


def _is_seen(request: DeskRequest, mark: Mark, found: queries.News) -> bool:
    """Also what the page shows and its reader may see no longer has to go from it."""
    keys = found.records.union(queries.records_of_problems(found.problems))
    return bool(keys) and (mark.shows_any(keys) or sees_any(request.actor, keys))


def _joined(mark: Mark, found: queries.News) -> bool:
    return bool(found.problems) and queries.problem_is_of(mark.record, found.problems)


@require_GET
@login_required
def frame(request: HttpRequest) -> HttpResponse:
    """A page without content: what stands round every page, for those whose content is not loaded again."""
    return render(request, "desk/live/frame.html")
