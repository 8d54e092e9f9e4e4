"""What the reader wants to hear of."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import DeskRequest
from ledger.exceptions import Invalid
from notifications import actions
from notifications.actions.preferences import CHANNELS
from notifications.forms import PreferencesForm
from notifications.kinds import Kind
from notifications.models import Notification
from notifications.queries import preferences_of

FIXED = (Kind.WARNING.value, Notification.Channel.IN_APP.value)


@require_http_methods(["GET", "POST"])
@login_required
def preferences(request: DeskRequest) -> HttpResponse:
    """A table of kinds and channels; saved as a whole."""
    user = cast(User, request.user)
    wanted = {pair for pair, chosen in preferences_of(user).items() if chosen}
    possible = [(kind, channel.value) for kind in Kind.values for channel in CHANNELS]
    status = 200
    if request.method == "POST":
        form = PreferencesForm(request.POST, choices=possible)
        if form.is_valid():
            actions.choose(actor=request.actor, wanted=form.pairs())
            messages.success(request, _("Saved. It holds for what comes from now on."))
            return redirect("notification-preferences")
        status = Invalid.status
    context = {"rows": _rows(wanted), "channels": [channel.label for channel in CHANNELS], "email": user.email}
    return render(request, "notifications/preferences.html", context, status=status)


def _rows(wanted: set[tuple[str, str]]) -> list[dict[str, object]]:
    return [
        {
            "label": kind.label,
            "boxes": [
                {
                    "value": f"{kind.value}.{channel.value}",
                    "label": channel.label,
                    "checked": (kind.value, channel.value) in wanted,
                    "fixed": (kind.value, channel.value) == FIXED,
                }
                for channel in CHANNELS
            ],
        }
        for kind in Kind
    ]
