"""The index of what can be set."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import DeskRequest
from desk.settings.sections import sections
from ledger.exceptions import NotPermitted


@require_GET
@login_required
def settings(request: DeskRequest) -> HttpResponse:
    """The sections that this person may open; whoever may open none is refused."""
    actor = request.actor
    shown = sections(actor)
    if not shown:
        raise NotPermitted(_("The settings are for administrators and for those who answer for a part of them."))
    return render(request, "desk/settings/page.html", {"sections": shown})
