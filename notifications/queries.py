"""What a person is told in the portal, and what administrators see of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, QuerySet, Subquery

from accounts.models import User
from base.paging import SIZE, Order, Page, page
from notifications import wording
from notifications.kinds import Kind
from notifications.models import Bot, Notification, Preference

UNREAD_LIMIT = 100
Channel = Notification.Channel
Status = Notification.Status


@dataclass(frozen=True)
class OutboxLine:
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


def unread(user: User) -> QuerySet[Notification]:
    """What the bell counts, found by `notification_unread`."""
    return _shown(user).filter(seen_at=None)


def bell(user: User, cursor: str = "", *, size: int = SIZE) -> Page[OutboxLine]:
    """One page, the newest first; one query by the partial index."""
    return page(_shown(user), Order("sent_at", descending=True), cursor, size=size).showing(_line)


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


def dead_letters() -> QuerySet[Notification]:
    """Messages that were given up, found by `notification_dead`."""
    return Notification.objects.filter(status=Status.DEAD)


def dead_letter_count() -> int:
    """Up to `UNREAD_LIMIT`; reads no more entries of the partial index than that."""
    return dead_letters()[:UNREAD_LIMIT].count()


def sent_out() -> QuerySet[Notification]:
    """What left the outbox by another way than the portal, found by the primary key."""
    return Notification.objects.exclude(channel=Channel.IN_APP).filter(status=Status.SENT)


def letters(found: QuerySet[Notification], cursor: str = "", *, size: int = SIZE) -> Page[Notification]:
    """One page of these with whom each is for, the newest first; one query."""
    return page(found.select_related("user", "contact__customer", "bot"), Order(descending=True), cursor, size=size)


def _shown(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, channel=Channel.IN_APP, status=Status.SENT)


def _line(row: Notification) -> OutboxLine:
    look = wording.event(row.event)
    return OutboxLine(
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
