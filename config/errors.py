"""What is answered where no view could: unknown addresses, requests that cannot be read, and errors of our own.

Django asks these after it has logged the error. Programs get problem+json at every address below /api/.
"""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from api.errors import problem
from base.writes import is_full
from files.exceptions import StoreAway


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: Django refused to read the request."""
    if _is_program(request):
        return problem(400, _("The request cannot be read."), code="parse_error")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 without a sentence of our own."""
    if _is_program(request):
        return problem(403, _("This is not open to you."), code="permission_denied")
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that leads nowhere."""
    if _is_program(request):
        return problem(404, _("There is nothing at this address."), code="not_found")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: nothing was changed, since every action is one transaction. 507: because a disk is full. 503: because the
    store of the attachments is away."""
    error = sys.exc_info()[1]
    if is_full(error):
        return _insufficient_storage(request)
    if isinstance(error, StoreAway):
        return _store_away(request)
    if _is_program(request):
        sentence = _("Something went wrong on our side, and nothing was saved. Send the same again in a minute.")
        return problem(500, sentence, code="server_error")
    return defaults.server_error(request)


def _insufficient_storage(request: HttpRequest) -> HttpResponse:
    if _is_program(request):
        sentence = _("The disk of the desk is full, and nothing was saved. Send the same again once there is room.")
        return problem(507, sentence, code="disk_full")
    return HttpResponse(render_to_string("507.html"), status=507)


def _store_away(request: HttpRequest) -> HttpResponse:
    if _is_program(request):
        sentence = _("The store of the attachments does not answer, and nothing was saved. Send the same again later.")
        return problem(503, sentence, code="store_away")
    return HttpResponse(render_to_string("503.html"), status=503)
