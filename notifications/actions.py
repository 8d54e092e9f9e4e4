"""Writes the outbox and brings out of it what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import F, Model, QuerySet
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
    foreign = data.keys() - FACTS
    if foreign:
        raise ValueError(f"These do not belong into a notification: {', '.join(sorted(foreign))}")
    at = at or now()
    shown = channel == Channel.IN_APP and (held_until is None or held_until <= at)
    rows: list[Model] = [
        Notification(
            event=event,
            stream=stream,
            number=number,
            threshold=threshold,
            cycle=cycle,
            recipient=person.stream,
            user=person if isinstance(person, User) else None,
            contact=person if isinstance(person, Contact) else None,
            channel=channel,
            data=dict(data),
            created_at=at,
            held_until=held_until,
            sent_at=at if shown else None,
            attempts=1 if shown else 0,
            status=Status.SENT if shown else Status.QUEUED,
        )
        for person in {one.stream: one for one in recipients if one is not None}.values()
    ]
    return _insert_new(rows)


def mark_seen(actor: Actor, ids: Iterable[int]) -> int:
    """The actor has read these of his own; others' and already read ones stay as they are."""
    unread = _unread(actor).filter(pk__in=list(ids)[:AT_ONCE])
    return unread.update(seen_at=now())


def mark_all_seen(actor: Actor, *, up_to: datetime) -> int:
    """The actor has read all of his own that came until then, the time of the newest that he was shown."""
    return _unread(actor).filter(sent_at__lte=up_to).update(seen_at=now())


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


def _insert_new(rows: list[Model]) -> int:
    """One INSERT that skips what is there already; `bulk_create` would not say how many it skipped."""
    if not rows:
        return 0
    query = InsertQuery(Notification, on_conflict=OnConflict.IGNORE)
    query.insert_values([field for field in Notification._meta.concrete_fields if not field.primary_key], rows)
    [(statement, parameters)] = query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
