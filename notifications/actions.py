"""Writes the outbox and brings out of it what is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection
from django.db.models import F, Model, Q, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from accounts.acting import Actor
from accounts.models import Contact, User
from config.clock import now
from notifications.models import Notification
from notifications.wording import FACTS

Channel = Notification.Channel
Status = Notification.Status
AT_ONCE = 500


@dataclass(frozen=True)
class Notice:
    """One event for some recipients; what each part means, `notify` says."""

    event: str
    stream: str
    number: str
    recipients: Iterable[User | Contact | None]
    data: Mapping[str, object]
    threshold: int = 0
    cycle: int = 1
    held_until: datetime | None = None
    at: datetime | None = None
    channel: str = Channel.IN_APP


def notify(
    event: str,
    *,
    stream: str,
    number: str,
    recipients: Iterable[User | Contact | None],
    data: Mapping[str, object],
    threshold: int = 0,
    cycle: int = 1,
    held_until: datetime | None = None,
    at: datetime | None = None,
    channel: str = Channel.IN_APP,
) -> int:
    """Tell each recipient once, in the caller's transaction; answers how many had not been told before.

    The same (event, threshold, cycle) of a stream reaches nobody twice, however often this is called. What the
    portal itself shows counts as sent at `at` (default now), unless it is held until later. `data` may have only
    the keys of `wording.FACTS`: a name or number of a customer has no place in it. Empty recipients are left out.
    """
    return notify_all([Notice(event, stream, number, recipients, data, threshold, cycle, held_until, at, channel)])


def notify_all(notices: Iterable[Notice]) -> int:
    """What `notify` does, for many notices at once; one statement for `AT_ONCE` rows."""
    rows = (row for notice in notices for row in _rows(notice))
    told = 0
    while some := list(islice(rows, AT_ONCE)):
        told += _insert_new(some)
    return told


def _rows(notice: Notice) -> Iterator[Notification]:
    """A row for each recipient."""
    foreign = notice.data.keys() - FACTS
    if foreign:
        raise ValueError(f"These do not belong into a notification: {', '.join(sorted(foreign))}")
    at = notice.at or now()
    shown = notice.channel == Channel.IN_APP and (notice.held_until is None or notice.held_until <= at)
    for person in {one.stream: one for one in notice.recipients if one is not None}.values():
        yield Notification(
            event=notice.event,
            stream=notice.stream,
            number=notice.number,
            threshold=notice.threshold,
            cycle=notice.cycle,
            recipient=person.stream,
            user=person if isinstance(person, User) else None,
            contact=person if isinstance(person, Contact) else None,
            channel=notice.channel,
            data=dict(notice.data),
            created_at=at,
            held_until=notice.held_until,
            sent_at=at if shown else None,
            attempts=1 if shown else 0,
            status=Status.SENT if shown else Status.QUEUED,
        )


def mark_seen(actor: Actor, ids: Iterable[int]) -> int:
    """The actor has read these of his own; others' and already read ones stay as they are."""
    unread = _unread(actor).filter(pk__in=list(ids)[:AT_ONCE])
    return unread.update(seen_at=now())


def mark_all_seen(actor: Actor, *, up_to: datetime) -> int:
    """The actor has read all of his own that came until then, the time of the newest that he was shown."""
    return _unread(actor).filter(sent_at__lte=up_to).update(seen_at=now())


def mark_told_seen(actor: Actor, stream: str, *, events: Sequence[str]) -> int:
    """The actor has dealt with what he was told about this record; `events` are beginnings of keys."""
    about = Q()
    for beginning in events:
        about |= Q(event__startswith=beginning)
    return _unread(actor).filter(about, stream=stream).update(seen_at=now())


def cancel(stream: str, *, events: str = "") -> int:
    """What still waits about this record need not be told any more; `events` is the beginning of their keys."""
    waiting = Notification.objects.filter(stream=stream, status=Status.QUEUED, event__startswith=events)
    return waiting.update(status=Status.CANCELLED)


def deliver_due(at: datetime) -> int:
    """Show in the portal what was held until `at` or earlier; one statement, so any number of workers may run it."""
    due = Notification.objects.filter(status=Status.QUEUED, channel=Channel.IN_APP, held_until__lte=at)
    return due.update(status=Status.SENT, sent_at=at, attempts=F("attempts") + 1)


def _unread(actor: Actor) -> QuerySet[Notification]:
    return Notification.objects.filter(
        user=actor.user, channel=Channel.IN_APP, status=Status.SENT, seen_at=None, user__isnull=False
    )


def _insert_new(rows: Sequence[Model]) -> int:
    """One INSERT that skips what is there already; `bulk_create` would not say how many it skipped."""
    query = InsertQuery(Notification, on_conflict=OnConflict.IGNORE)
    query.insert_values([field for field in Notification._meta.concrete_fields if not field.primary_key], list(rows))
    [(statement, parameters)] = query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
