"""Password links by mail."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import DeskRequest
from accounts.views.common import for_administrators
from accounts.views.people import found_person
from notifications import actions


@require_POST
@login_required
@for_administrators
def send(request: DeskRequest, key: int) -> HttpResponse:
    """A new link goes to the address of the person; one that was open before ends."""
    link = actions.send_password_link(found_person(request, key), actor=request.actor)
    sent = _("A link to set the password goes to %(address)s within a minute; one made before works no more.")
    messages.success(request, sent % {"address": link.user.email})
    return redirect("person", key)
