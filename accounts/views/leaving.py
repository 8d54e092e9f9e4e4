"""Somebody leaves: one page hands on all that he holds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access, actions, queries
from accounts.forms.leaving import DELEGATION, GRANT, LeaveForm
from accounts.models import User
from accounts.requests import DeskRequest
from accounts.views.common import FormPage, changed, for_administrators
from accounts.views.people import found_person, path_to


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def leave(request: DeskRequest, key: int) -> HttpResponse:
    """A successor for each role and delegation in a form, and with POST the person leaves; constant statements."""
    found = found_person(request, key)
    access.require_grant_roles(request.actor, found)
    roles, stood_in = queries.grants_to_hand_on(found), queries.stands_in_for(found)

    def form(typed: Any = None) -> LeaveForm:
        return LeaveForm(typed, person=found, roles=roles, stood_in=stood_in)

    def act(typed: Any, version: int) -> User:
        after = actions.leave(
            found,
            actor=request.actor,
            version=version,
            reason=typed.cleaned_data["reason"],
            grants=typed.successors(GRANT),
            delegations=typed.successors(DELEGATION),
        )
        messages.success(request, _("%(name)s has left. Everything is handed on.") % {"name": after})
        return after

    note = _(
        "The account is closed at once: sessions, keys for programs and password links end. Roles go to their "
        "successors from today on. What the person did stays."
    )
    title = _("%(name)s leaves") % {"name": found.get_full_name()}
    page = FormPage(title, _("Hand on and close"), path_to(found), clause="4.1", note=note)
    return changed(request, page, found, form(), form, act)
