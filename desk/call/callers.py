"""Who may be calling: the list under the field for the caller, while one types."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.requests import DeskRequest
from base import wording
from base.phones import COMPLETE, masked, numbers
from base.text import side_by_side
from incidents.queries.contacts import Hit, hits
from ui.rates import SharedRate

LONGEST_QUERY = 100


class LookupRate(SharedRate):
    """So many look-ups of callers a person; the figure is a setting."""

    scope = "lookup"


def looks_up_people(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Counts a view that shows who works for a customer against the one rate of a person (429 beyond it)."""

    @wraps(view)
    def counted(request: DeskRequest, *args: object, **named: object) -> HttpResponse:
        # The throttle asks a request for nothing but its user, which Django's has as well.
        if not LookupRate().allow_request(cast(Request, request), APIView()):
            return HttpResponse(_("Too many look-ups at once. Wait a minute and go on."), status=429)
        return view(request, *args, **named)

    return counted


@require_GET
@login_required
@looks_up_people
def contacts(request: DeskRequest) -> HttpResponse:
    """The list under the caller's field, as components/lookup.html asks for it."""
    actor = request.actor
    text = request.GET.get("caller", "")[:LONGEST_QUERY].strip()
    found = hits(actor, text) if text else []
    context = {
        "options": [_option(hit, text) for hit in found],
        "new_label": _new_caller(text) if text else "",
    }
    return render(request, "components/lookup_options.html", context)


def _option(hit: Hit, text: str) -> dict[str, Any]:
    contact = hit.contact
    typed = numbers(text)
    shown = [_shown(number, typed) for number in (contact.mobile, contact.phone) if number]
    parts = [*shown, *_standing(hit)]
    return {
        "value": contact.pk,
        "name": contact.name,
        "about": side_by_side(contact.title, contact.customer.name),
        "detail": mark_safe(" · ".join(parts)),  # noqa: S308 every part is escaped
    }


def _standing(hit: Hit) -> list[str]:
    """What is known of the company's cases and contract, as safe HTML."""
    found: list[str] = []
    if hit.open_cases:
        found.append(escape(_("%(count)d open") % {"count": hit.open_cases}))
    if not hit.in_sight:
        found.append(escape(_("another desk's customer")))
    elif hit.contract is None:
        found.append(format_html('<span class="amber">{}</span>', _("no contract")))
    elif not hit.in_force:
        ended = _("contract ended %(day)s") % {"day": hit.contract.ends_on.isoformat()}
        found.append(format_html('<span class="amber">{}</span>', ended))
    return found


def _shown(number: str, typed: list[str]) -> str:
    """The number, as safe HTML: masked, unless it is the one that is calling."""
    digits = re.sub(r"\D", "", number)
    if any(len(each) >= COMPLETE and each in digits for each in typed):
        return _marked(wording.phone(number), typed)
    return escape(masked(number))


def _marked(number: str, typed: list[str]) -> str:
    """The number with the first of the typed ones marked that it holds, as safe HTML."""
    searches = (re.search(r"\D*".join(digits), number) for digits in typed)
    found = next((search for search in searches if search), None)
    if found is None:
        return escape(number)
    before, hit, after = number[: found.start()], found.group(), number[found.end() :]
    return format_html("{}<mark>{}</mark>{}", before, hit, after)


def _new_caller(text: str) -> str:
    return _("New caller %(text)s (log it now, add the customer at screening)") % {"text": text}
