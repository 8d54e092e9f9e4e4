"""Dead letters, and the mails of a desk that nothing may leave."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import DeskRequest
from notifications import actions, queries, wording
from notifications.delivery.unsent import stored_message
from notifications.models import Notification
from notifications.views.channels import mark
from notifications.views.common import for_administrators

PAGE = 30


@require_GET
@login_required
@for_administrators
def dead_letters(request: DeskRequest) -> HttpResponse:
    """What was given up, why, and a way to try it again."""
    context = _page(queries.dead_letters(), request)
    return render(request, "notifications/dead_letters.html", context)


@require_POST
@login_required
@for_administrators
def retry(request: DeskRequest, key: int) -> HttpResponse:
    """Send one anew, with all its tries; 409 where it is not given up any more."""
    actions.retry(key, actor=request.actor)
    messages.success(request, _("It is tried again within a minute."))
    return redirect("dead-letters")


@require_POST
@login_required
@for_administrators
def retry_all(request: DeskRequest) -> HttpResponse:
    """Send anew the oldest that were given up, as many as one action takes, and say how many."""
    count = actions.retry_all(actor=request.actor)
    words = ngettext("%(count)s message is tried again.", "%(count)s messages are tried again.", count)
    messages.success(request, words % {"count": count})
    return redirect("dead-letters")


@require_GET
@login_required
@for_administrators
def outbox(request: DeskRequest) -> HttpResponse:
    """The mails and pushes that were written to files instead of being sent; 404 where they really leave."""
    _only_where_nothing_leaves()
    context = _page(queries.sent_out(), request)
    return render(request, "notifications/outbox.html", context)


@require_GET
@login_required
@for_administrators
def kept_message(request: DeskRequest, key: int) -> HttpResponse:
    """One message of that list as its receiver would have got it; 404 where mail really leaves."""
    _only_where_nothing_leaves()
    row = get_object_or_404(queries.sent_out(), pk=key)
    content = stored_message(row)
    is_mail = row.channel == Notification.Channel.EMAIL
    context = {"row": row, "mail": _mail(content) if is_mail and content else None, "text": content.decode()}
    return render(request, "notifications/kept.html", context)


def _only_where_nothing_leaves() -> None:
    if settings.OUTGOING:
        raise Http404


def _mail(content: bytes) -> dict[str, str]:
    mail = message_from_bytes(content)
    heads = {name.lower().replace("-", "_"): _head(mail, name) for name in ("Subject", "From", "To", "Message-ID")}
    body = mail.get_payload(decode=True)
    return {**heads, "body": body.decode() if isinstance(body, bytes) else ""}


def _head(mail: Message, name: str) -> str:
    # The newer message classes put blanks between the encoded words of a long name.
    return str(make_header(decode_header(mail[name])))


def _page(found: QuerySet[Notification], request: DeskRequest) -> dict[str, object]:
    page = queries.letters(found, request.GET.get("cursor", ""), size=PAGE)
    return {
        "rows": [
            {
                "row": row,
                "sentence": wording.sentence(row.event, number=row.number, threshold=row.threshold, data=row.data),
                "mark": mark(row),
                "recipient": row.user or row.contact or row.bot,
                "is_whole": row.event not in wording.CLOSED,
            }
            for row in page.rows
        ],
        **page.addresses(lambda cursor: f"?cursor={cursor}"),
    }
