"""Taking note of a warning, from wherever it is shown."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import DeskRequest
from escalation.actions import acknowledge_warnings
from incidents.access import declaration_for_reading

# Where the reader stays; another word leads to the record.
BACK_TO = frozenset({"desk", "notifications"})


@require_POST
@login_required
def acknowledge(request: DeskRequest, number: str) -> HttpResponse:
    """Take note of all warnings of the record that were addressed to the reader; `back` names the page before."""
    actor = request.actor
    declaration = declaration_for_reading(actor, number)
    if acknowledge_warnings(declaration.pk, actor=actor):
        messages.success(request, _("Noted. The warning climbs no further."))
    back = request.POST.get("back", "")
    return redirect(back) if back in BACK_TO else redirect("record", number)
