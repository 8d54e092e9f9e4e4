"""Messages that were given up, tried once more by a person."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from base.clock import now
from ledger.actions import attempt
from ledger.actions.chains import append
from ledger.exceptions import NotPossible
from notifications import access
from notifications.models import Notification
from notifications.wording import CLOSED

AT_ONCE = 500
STREAM = "outbox:dead-letters"


def retry(notification_id: int, *, actor: Actor) -> None:
    """Try a dead letter again, with all its tries anew and the same Message-ID.

    Raises `NotPossible` for one that carried a secret: that went when the letter was given up.
    """
    if Notification.objects.filter(pk=notification_id, event__in=CLOSED).exists():
        raise NotPossible(_("What this letter carried is gone. Make another link on the page of the person."))
    if not _retry(Notification.objects.filter(pk=notification_id), actor):
        raise NotPossible(_("This message is no longer among those given up. Load the page again."))


def retry_all(*, actor: Actor) -> int:
    """Try the oldest dead letters again that are whole, up to `AT_ONCE`; how many."""
    oldest = Notification.objects.filter(status=Notification.Status.DEAD).exclude(event__in=CLOSED).order_by("pk")
    keys = list(oldest.values_list("pk", flat=True)[:AT_ONCE])
    return len(_retry(Notification.objects.filter(pk__in=keys), actor))


def _retry(rows: QuerySet[Notification], actor: Actor) -> list[int]:
    with attempt(actor.signature(), action="retry_delivery", stream=STREAM) as tried:
        tried.signature = actor.signature(access.require_keep_channels(actor))
        dead = rows.filter(status=Notification.Status.DEAD).select_for_update()
        found = list(dead.order_by("pk").values("pk", "event", "number", "recipient", "channel", "reason"))
        keys = [int(row["pk"]) for row in found]
        Notification.objects.filter(pk__in=keys, status=Notification.Status.DEAD).update(
            status=Notification.Status.QUEUED, next_attempt_at=now(), failures=0
        )
        if found:
            append(STREAM, signature=tried.signature, action="retry_delivery", payload={"facts": {"messages": found}})
        return keys
