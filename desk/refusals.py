"""What a person sees when something is refused: one place for every page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve

from accounts.requests import DeskRequest
from base.parsing import is_storable
from escalation.access import INVISIBLE
from ledger.actions import record_refusal
from ledger.exceptions import NotPermitted, Refused
from ui.htmx import is_part

LOOKING = ("GET", "HEAD", "OPTIONS")


def refusal_page(request: DeskRequest, refused: Refused) -> HttpResponse:
    """The answer to a refused step: a part for htmx, else a page, with the status of the refusal."""
    template = "errors/refused.html" if is_part(request) else "refused.html"
    context = {"status": refused.status, "refused": refused, "back": _back(request)}
    return render(request, template, context, status=refused.status)


def _back(request: DeskRequest) -> str:
    """The page that the person came from, if it is one of ours."""
    origin = f"{request.scheme}://{request.get_host()}"
    referrer = request.headers.get("Referer", "")
    path = referrer.removeprefix(origin)
    return path if referrer.startswith(f"{origin}/") and path != request.get_full_path() else ""


def _record(request: DeskRequest, refused: Refused) -> None:
    """What a view refuses before it asks an action is written down as well; merely looking in changes nothing."""
    match = request.resolver_match
    if refused.is_recorded or request.method in LOOKING or not isinstance(refused, NotPermitted) or match is None:
        return
    actor = request.actor
    stream = ":".join(["page", *(str(value) for value in match.kwargs.values())])
    record_refusal(actor.signature(), action=match.url_name or "", stream=stream, refusal=refused)
    refused.is_recorded = True


def _page_above(path: str) -> str:
    """The nearest address over this one that leads to a page."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        break
    return path


class Refusals:
    """Middleware: a `Refused`, or a record that is not there, becomes the page that says so unless the view did it.

    An unknown record and one of somebody else's give the same 404 (design 4.2). An address that can only be sent to
    leads to the page over it, so that whatever stands in the address bar can be loaded again.
    """

    def __init__(self, get_response: Callable[[DeskRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: DeskRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not request.path.startswith("/api/"):
            return HttpResponseRedirect(_page_above(request.path))
        return response

    def process_view(
        self, request: DeskRequest, view: object, args: tuple[object, ...], parts: dict[str, object]
    ) -> HttpResponse | None:
        """Nothing is called by a name with NUL in it; programs are told so by `ApiView`, in their own form."""
        if is_storable(*parts.values()) or request.path.startswith("/api/"):
            return None
        return render(request, "404.html", status=404)

    def process_exception(self, request: DeskRequest, exception: Exception) -> HttpResponse | None:
        """Django asks this for what leaves a view."""
        if isinstance(exception, Refused):
            _record(request, exception)
            return refusal_page(request, exception)
        if isinstance(exception, INVISIBLE):
            return render(request, "404.html", status=404)
        return None
