"""One run over the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db.models import F

from config.heartbeat import note_failure
from notifications.delivery.bots import deliver_to_bots
from notifications.delivery.mail import deliver_mail
from notifications.models import Notification, Reason

log = structlog.get_logger(__name__)
Channel = Notification.Channel
Status = Notification.Status


def deliver_due(at: datetime) -> int:
    """Bring out what is due at `at` (now): in the portal, by mail, to robots; how many were delivered.

    Any number of workers may run it at once. What another one is sending is left to it.
    """
    waiting = Notification.objects.filter(next_attempt_at__lte=at)
    waiting.filter(reason=Reason.WITHDRAWN).update(status=Status.CANCELLED, next_attempt_at=None, claimed_at=None)
    shown = waiting.filter(channel=Channel.IN_APP).update(
        status=Status.SENT, sent_at=at, next_attempt_at=None, attempts=F("attempts") + 1
    )
    return shown + sum(_each(channel) for channel in (deliver_mail, deliver_to_bots))


def _each(deliver: Callable[[], int]) -> int:
    """A channel that fails as a whole is reported and holds up no other."""
    try:
        return deliver()
    except Exception:
        log.exception("channel_failed", channel=deliver.__name__)
        note_failure("deliver")
        return 0
