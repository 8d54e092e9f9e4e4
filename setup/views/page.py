"""The set-up page: what the desk still lacks."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import DeskRequest
from setup import access, actions, queries
from setup.checks import cards


@require_GET
@login_required
def setup(request: DeskRequest) -> HttpResponse:
    """Every part of moving in with what it lacks; heads see what is missing in their department."""
    actor = request.actor
    access.require_see_setup(actor)
    parts = cards(queries.standing(access.departments_shown(actor)))
    context = {
        "cards": parts,
        "complete": sum(not card.findings for card in parts),
        "grave": sum(card.grave for card in parts),
        "may_confirm": access.may_confirm_operation(actor),
    }
    return render(request, "setup/page.html", context)


@require_POST
@login_required
def confirm(request: DeskRequest, kind: str) -> HttpResponse:
    """Note the reader's word that this was seen to."""
    actions.confirm_operation(kind, actor=request.actor, remark=request.POST.get("remark", "").strip())
    messages.success(request, _("Noted. It is asked for again in a year."))
    return redirect("setup")
