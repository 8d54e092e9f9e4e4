"""What a person is told in the portal, and what administrators see of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from notifications import wording
from notifications.kinds import Kind
from notifications.models import Bot, Notification, Preference

UNREAD_LIMIT = 100
Channel = Notification.Channel
Status = Notification.Status


@dataclass(frozen=True)
class Line:
    """A notification as the reader sees it."""

    id: int
    event: str
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


def preferences_of(user: User) -> dict[tuple[str, str], bool]:
    """Whether each kind reaches the person by each channel; one query."""
    chosen = {
        (kind, channel): wanted
        for kind, channel, wanted in Preference.objects.filter(user=user).values_list("kind", "channel", "wanted")
    }
    portal = {(kind, Channel.IN_APP.value): True for kind in Kind.values}
    mail = {(kind, Channel.EMAIL.value): False for kind in Kind.values}
    return {**portal, **mail, **chosen, (Kind.WARNING.value, Channel.IN_APP.value): True}


def bots() -> list[Bot]:
    """Every robot with its department and `last`, the key of the message that was last for it; one query."""
    newest = Notification.objects.filter(bot=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return list(Bot.objects.select_related("department").annotate(last=Subquery(newest)).order_by("name"))


def last_messages(found: list[Bot]) -> dict[int, Notification]:
    """The newest message of each of these robots (from `bots`) that has one; one query by key."""
    keys = [key for bot in found if (key := getattr(bot, "last", None)) is not None]
    return {row.bot_id: row for row in Notification.objects.filter(pk__in=keys) if row.bot_id is not None}


def last_test(bot: Bot) -> Notification | None:
    """The newest try-out of the robot; one row by the index of the robot."""
    newest = Notification.objects.filter(bot=bot, event="delivery.test").aggregate(pk=Max("pk"))["pk"]
    return Notification.objects.filter(pk=newest).first() if newest else None


def dead_letters(limit: int, *, before: int | None = None) -> list[Notification]:
    """Messages that were given up, the newest first, or those before the key; one query by `notification_dead`."""
    rows = Notification.objects.filter(status=Status.DEAD).select_related("user", "contact__customer", "bot")
    return list((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:limit])


def dead_letter_count() -> int:
    """Up to `UNREAD_LIMIT`; reads no more entries of the partial index than that."""
    return Notification.objects.filter(status=Status.DEAD)[:UNREAD_LIMIT].count()


def sent_out(limit: int, *, before: int | None = None) -> list[Notification]:
    """What left the outbox by another way than the portal, newest first; one query, by the primary key."""
    rows = Notification.objects.exclude(channel=Channel.IN_APP).filter(status=Status.SENT)
    rows = rows.select_related("user", "contact__customer", "bot")
    return list((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:limit])


def _shown(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, channel=Channel.IN_APP, status=Status.SENT)


def _line(row: Notification) -> Line:
    look = wording.event(row.event)
    return Line(
        id=row.pk,
        event=row.event,
        number=row.number,
        stream=row.stream,
        sentence=wording.sentence(row.event, number=row.number, threshold=row.threshold, data=row.data),
        icon=look.icon,
        tone=look.tone,
        at=row.sent_at or row.created_at,
        seen=row.seen_at is not None,
    )
