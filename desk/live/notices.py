"""What a device may say aloud: new calls that were relayed, level 1, and decisions that wait.

A notice says the sentence of the bell. The subject stands in it only if its reader may see the record at this moment,
and if the record is not restricted: a notice lies open on a screen that others may look at.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.actors import Actor
from base.clock import now
from desk.bell.records import records_of
from incidents.models import Declaration
from notifications.models import Notification
from notifications.pages import address_of
from notifications.queries import unread
from notifications.wording import event, sentence

# What is older was seen on the desk, or is not new any more.
RECENT = timedelta(minutes=10)
MOST = 10
RELAYS = ("relay.", "overdue.relay")
HIGHEST = 1


def notices(actor: Actor) -> list[dict[str, Any]]:
    """The newest unread messages of the three kinds; two statements by the index of the bell and by keys."""
    if actor.user is None:
        return []
    rows = list(unread(actor.user).filter(sent_at__gt=now() - RECENT).order_by("-sent_at", "-pk")[:MOST])
    records = records_of(actor, (row.stream for row in rows))
    return [_notice(row, records[row.stream]) for row in rows if _rings(row, records.get(row.stream))]


def _rings(row: Notification, record: Declaration | None) -> bool:
    decides = event(row.event).page == "decision"
    return record is not None and (row.event.startswith(RELAYS) or decides or record.priority == HIGHEST)


def _notice(row: Notification, record: Declaration) -> dict[str, Any]:
    return {
        "id": row.pk,
        "title": sentence(row.event, number=row.number, threshold=row.threshold, data=row.data),
        "text": "" if record.restricted else record.subject,
        "url": address_of(row.event, stream=row.stream, number=record.number),
    }
