"""Somebody leaves: one page hands on all that the person holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import require_grant_roles
from accounts.models import User
from accounts.requests import DeskRequest
from accounts.views.common import FormPage, changed, for_administrators
from accounts.views.people import found_person, path_to
from setup import actions, queries
from setup.forms import LeaveForm


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def leave(request: DeskRequest, key: int) -> HttpResponse:
    """A successor for each thing held in a form, and with POST the person leaves; constant statements."""
    found = found_person(request, key)
    require_grant_roles(request.actor, found)
    held = queries.holdings(found)

    def form(typed: Any = None) -> LeaveForm:
        return LeaveForm(typed, held=held, by=request.actor.user, leaver=found)

    def act(typed: Any, version: int) -> User:
        after = actions.leave(
            found,
            actor=request.actor,
            version=version,
            reason=typed.cleaned_data["reason"],
            successors=typed.successors(),
        )
        messages.success(request, _("%(name)s has left. Everything is handed on.") % {"name": after})
        return after

    note = _(
        "The account is closed at once: sessions, keys for programs and password links end. Roles go to their "
        "successors from today on, and so does what is open. What the person did stays."
    )
    title = _("%(name)s leaves") % {"name": found.get_full_name()}
    page = FormPage(title, _("Hand on and close"), path_to(found), clause="4.1", note=note)
    return changed(request, page, found, form(), form, act)
