"""The bell: what the reader was told, and that they have read it."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.requests import DeskRequest
from base.parsing import moment, number
from desk.bell.records import records_of
from incidents.models import Declaration
from notifications import actions, queries
from notifications.pages import address_of

PAGE = 30


@require_GET
@login_required
def notifications(request: DeskRequest) -> HttpResponse:
    """One page, the newest first."""
    page = queries.bell(cast(User, request.user), request.GET.get("cursor", ""), size=PAGE)
    about = records_of(request.actor, (line.stream for line in page.rows))
    context = {
        "lines": [_shown(line, about.get(line.stream)) for line in page.rows],
        "unread": any(not line.seen for line in page.rows),
        "newest": page.rows[0].at.isoformat() if page.rows else "",
        **page.addresses(lambda cursor: f"?cursor={cursor}"),
    }
    return render(request, "desk/bell/page.html", context)


@require_POST
@login_required
def seen(request: DeskRequest) -> HttpResponse:
    """The reader has read the chosen lines, or all that came until `up_to`."""
    actor = request.actor
    ids = [key for key in map(number, request.POST.getlist("id")) if key]
    up_to = moment(request.POST.get("up_to", ""))
    if ids:
        actions.mark_seen(actor, ids)
    elif up_to:
        actions.mark_all_seen(actor, up_to=up_to)
    else:
        return HttpResponseBadRequest()
    return redirect("notifications")


def _shown(line: queries.OutboxLine, record: Declaration | None) -> dict[str, object]:
    return {
        "line": line,
        "subject": record.subject if record else "",
        "url": address_of(line.event, stream=line.stream, number=line.number),
        "note": _acknowledgement(line),
    }


def _acknowledgement(line: queries.OutboxLine) -> str:
    """Where the reader takes note of a warning; an overdue step asks for no note."""
    asks = line.event.startswith(("warning.", "unanswered.")) and line.stream.startswith("declaration:")
    return reverse("record-acknowledge", args=[line.number]) if asks and not line.seen else ""
