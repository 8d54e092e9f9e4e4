"""Settings of the channels: robots and webhooks of the departments."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import DeskRequest
from ledger.exceptions import Refused
from ledger.forms import add_errors
from notifications import actions, queries
from notifications.forms import BotForm
from notifications.kinds import Kind
from notifications.models import Bot, Notification
from notifications.views.common import for_administrators

LOOKS = {
    Notification.Status.QUEUED: ("blue", "hourglass"),
    Notification.Status.SENT: ("green", "check"),
    Notification.Status.FAILED: ("amber", "alert-triangle"),
    Notification.Status.CANCELLED: ("grey", "circle-minus"),
    Notification.Status.DEAD: ("red", "circle-x"),
}
Mark = tuple[str, str, str]


@require_GET
@login_required
@for_administrators
def channels(request: DeskRequest) -> HttpResponse:
    """All robots, each with what it gets and how its last message fared."""
    found = queries.bots()
    last = queries.last_messages(found)
    context = {
        "rows": [_row(each, last.get(each.pk)) for each in found],
        "outgoing": settings.OUTGOING,
        "mail_host": settings.EMAIL_HOST,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "dead": queries.dead_letter_count(),
    }
    return render(request, "notifications/channels.html", context)


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def new_bot(request: DeskRequest) -> HttpResponse:
    """A form with the usual kinds and levels, and with POST the new robot or webhook."""
    initial = {"is_active": True, "kinds": [Kind.WARNING.value], "levels": [1, 2, 3, 4], "product": "wecom"}
    form, status = BotForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            product = form.cleaned_data["product"]
            try:
                bot = actions.create_bot(actor=request.actor, product=product, setting=form.setting())
            except Refused as refused:
                add_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, _("Kept. Try it out before you rely on it."))
                return redirect("bot", bot.pk)
    return render(request, "notifications/bot.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@login_required
@for_administrators
def bot(request: DeskRequest, bot_id: int) -> HttpResponse:
    """One robot: changed, and tried out."""
    found = _bot(bot_id)
    form, status = BotForm(request.POST or None, bot=found, initial=_initial(found)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"] or 0
            try:
                actions.change_bot(bot_id, actor=request.actor, version=version, setting=form.setting())
            except Refused as refused:
                add_errors(form, refused)
                status = refused.status
            else:
                messages.success(request, _("Saved."))
                return redirect("bot", bot_id)
    return render(request, "notifications/bot.html", {"form": form, "bot": found, **_test(found)}, status=status)


@require_POST
@login_required
@for_administrators
def test(request: DeskRequest, bot_id: int) -> HttpResponse:
    """Send a message that only says that the way works."""
    actions.test_bot(_bot(bot_id).pk, actor=request.actor)
    return redirect("bot", bot_id)


@require_GET
@login_required
@for_administrators
def tested(request: DeskRequest, bot_id: int) -> HttpResponse:
    """How the last try-out fared, asked for again while it is under way."""
    found = _bot(bot_id)
    return render(request, "notifications/_tested.html", {"bot": found, **_test(found)})


def _row(found: Bot, last: Notification | None) -> dict[str, object]:
    return {"bot": found, "kinds": _kinds(found), "last": last, "mark": mark(last)}


def mark(row: Notification | None) -> Mark | None:
    """Word, tone and icon of a message's state."""
    if row is None:
        return None
    status = Notification.Status(row.status)
    return (str(status.label), *LOOKS[status])


def _bot(bot_id: int) -> Bot:
    for found in queries.bots():
        if found.pk == bot_id:
            return found
    raise Http404


def _test(found: Bot) -> dict[str, object]:
    last = queries.last_test(found)
    return {"last": last, "mark": mark(last), "waiting": last is not None and last.next_attempt_at is not None}


def _initial(found: Bot) -> dict[str, object]:
    return {
        "version": found.version,
        "name": found.name,
        "department": found.department_id,
        "kinds": found.kinds,
        "levels": found.levels,
        "is_active": found.is_active,
    }


def _kinds(found: Bot) -> list[str]:
    return [str(Kind(kind).label) for kind in found.kinds]
