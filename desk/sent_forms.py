"""What becomes of the forms that pages send: each counts once, and what came of it is told in its place.

Every form carries the key that `{% opened_form %}` gave it. Forms are sent in the background (static/js/sending.js), so
that a lost session or connection takes nobody away from what they typed; without scripts they are sent all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render, resolve_url

from accounts.models import User
from accounts.requests import DeskRequest
from incidents.access import declarations
from ledger.actions import OpenedForm, count_form, sending
from ledger.exceptions import AlreadySaved
from ledger.models import SentForm

FIELD = "opened_form"
# Tells the browser which drafts have been saved; it forgets them and then the cookie.
COOKIE = "saved_forms"
COOKIE_AGE = 3600
MOST_NAMED = 20
KEY = re.compile(r"[\w-]{1,100}", re.ASCII)
MOVED = (302, 303)


class SentForms:
    """Middleware: the second send of one opened form, the way on after a form, and a session that has ended."""

    def __init__(self, get_response: Callable[[DeskRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: DeskRequest) -> HttpResponse:
        form = _opened_form(request)
        with sending(form):
            response = self.get_response(request)
            if form is not None:
                response = _counted(request, form, response)
        return _in_place(request, response)


def _opened_form(request: DeskRequest) -> OpenedForm | None:
    if request.method != "POST" or request.path.startswith("/api/") or not isinstance(request.user, User):
        return None
    key = request.POST.get(FIELD, "")
    return OpenedForm(request.user.stream, key) if KEY.fullmatch(key) else None


def _counted(request: DeskRequest, form: OpenedForm, response: HttpResponse) -> HttpResponse:
    """The answer, and the drafts that it has made needless; of two sends at once the second is told of the first."""
    if not form.counted and response.status_code in MOVED:
        try:
            count_form("")
        except AlreadySaved:
            return _already_saved(request, form)
    if form.counted:
        _name_saved(request, response, form.key)
    elif response.status_code >= 400 and form.saved():
        return _already_saved(request, form)
    return response


def _name_saved(request: DeskRequest, response: HttpResponse, key: str) -> None:
    named = [each for each in request.COOKIES.get(COOKIE, "").split(".") if KEY.fullmatch(each)]
    value = ".".join([*named, key][-MOST_NAMED:])
    response.set_cookie(
        COOKIE, value, max_age=COOKIE_AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=False, samesite="Lax"
    )


def _already_saved(request: DeskRequest, form: OpenedForm) -> HttpResponse:
    saved = form.saved()
    assert saved is not None
    context = {"saved": saved, "declaration": _declaration(request, saved), "again": request.path}
    part = request.htmx
    template = "errors/already_saved.html" if part else "already_saved.html"
    response = render(request, template, context, status=AlreadySaved.status)
    response.headers["Already-Saved"] = "true"
    _name_saved(request, response, form.key)
    return response


def _declaration(request: DeskRequest, saved: SentForm) -> Any:
    kind, _colon, key = saved.stream.partition(":")
    actor = request.actor
    return declarations(actor).filter(pk=key).first() if kind == "declaration" and key.isdecimal() else None


def _in_place(request: DeskRequest, response: HttpResponse) -> HttpResponse:
    """For a part of a page: how it goes on is for the page to do; a session that has ended is told where one is."""
    if response.status_code not in MOVED or not request.htmx:
        return response
    target = response.headers["Location"]
    if target.startswith(resolve_url(settings.LOGIN_URL)):
        return render(request, "errors/signed_out.html", status=401)
    if request.method == "POST":
        response.status_code = 204
        response.headers["HX-Redirect"] = target
        del response.headers["Location"]
    return response
