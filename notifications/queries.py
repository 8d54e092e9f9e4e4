"""What a person is told in the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from notifications import wording
from notifications.models import Notification

UNREAD_LIMIT = 100


@dataclass(frozen=True)
class Line:
    """A notification as the reader sees it."""

    id: int
    number: str
    stream: str
    sentence: str
    icon: str
    tone: str
    at: datetime
    seen: bool


def unread_count(user: User) -> int:
    """Up to `UNREAD_LIMIT`, which stands for "99+"; reads no more entries of the partial index than that."""
    return _shown(user).filter(seen_at=None)[:UNREAD_LIMIT].count()


def bell(user: User, limit: int, *, before: tuple[datetime, int] | None = None) -> list[Line]:
    """The newest first, or those after the line with time and id `before`; one query by the partial index."""
    rows = _shown(user).order_by("-sent_at", "-pk")
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(sent_at__lt=at) | Q(sent_at=at, pk__lt=pk))
    return [_line(row) for row in rows[:limit]]


def _shown(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, channel=Notification.Channel.IN_APP, status=Notification.Status.SENT)


def _line(row: Notification) -> Line:
    look = wording.event(row.event)
    return Line(
        id=row.pk,
        number=row.number,
        stream=row.stream,
        sentence=wording.sentence(row.event, number=row.number, threshold=row.threshold, data=row.data),
        icon=look.icon,
        tone=look.tone,
        at=row.sent_at or row.created_at,
        seen=row.seen_at is not None,
    )
