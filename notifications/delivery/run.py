"""One run over the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F, QuerySet

from base.heartbeat import note_failure
from notifications.asking import answer_asked
from notifications.batches import note_delivered
from notifications.delivery.bots import deliver_to_bots
from notifications.delivery.mail import deliver_mail
from notifications.enclosing import empty_ended
from notifications.models import Notification, Reason

log = structlog.get_logger(__name__)
Channel = Notification.Channel
Status = Notification.Status
AT_ONCE = 1000


def deliver_due(at: datetime) -> int:
    """Bring out what is due at `at` (now): in the portal, by mail, to robots; how many were delivered.

    Who has asked for a link to set a forgotten password is answered first, so that the letter goes in the same run.

    Any number of workers may run it at once. What another one is sending is left to it.
    """
    waiting = Notification.objects.filter(next_attempt_at__lte=at)
    waiting.filter(reason=Reason.WITHDRAWN).update(status=Status.CANCELLED, next_attempt_at=None, claimed_at=None)
    _each(answer_asked)
    empty_ended()
    shown = 0
    while some := _show(waiting.filter(channel=Channel.IN_APP), at):
        shown += some
    return shown + sum(_each(channel) for channel in (deliver_mail, deliver_to_bots))


@transaction.atomic
def _show(waiting: QuerySet[Notification], at: datetime) -> int:
    """Let the portal show some that were held until now."""
    keys = list(waiting.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    Notification.objects.filter(pk__in=keys).update(
        status=Status.SENT, sent_at=at, next_attempt_at=None, attempts=F("attempts") + 1
    )
    note_delivered(keys, at)
    return len(keys)


def _each(deliver: Callable[[], int]) -> int:
    """A channel that fails as a whole is reported and holds up no other."""
    try:
        return deliver()
    except Exception:
        log.exception("channel_failed", channel=deliver.__name__)
        note_failure("deliver")
        return 0
