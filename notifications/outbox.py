"""Writes the outbox, in the transaction of what somebody must hear of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from itertools import islice

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import Contact, User
from base.clock import now
from base.rows import add_rows
from ledger.actions import newborn, tell_about
from notifications.batches import batch
from notifications.kinds import Kind, kind_of
from notifications.models import Bot, Notification, Preference, Reason
from notifications.wording import FACTS, is_known

Channel = Notification.Channel
Status = Notification.Status
AT_ONCE = 1000
Person = User | Contact
Way = tuple[Person | Bot, str]
# A new message by its columns; those that are not named are empty.
Row = dict[str, object]
# What tells one message from every other.
ONCE = ("event", "stream", "threshold", "cycle", "recipient", "channel")


@dataclass(frozen=True)
class Notice:
    """One event for some recipients; what each part means, `notify` says."""

    event: str
    stream: str
    number: str
    recipients: Iterable[Person | None]
    data: Mapping[str, object]
    threshold: int = 0
    cycle: int = 1
    held_until: datetime | None = None
    at: datetime | None = None
    channel: str = Channel.IN_APP
    text: str = ""


def notify(
    event: str,
    *,
    stream: str,
    number: str,
    recipients: Iterable[Person | None],
    data: Mapping[str, object],
    threshold: int = 0,
    cycle: int = 1,
    held_until: datetime | None = None,
    at: datetime | None = None,
    channel: str = Channel.IN_APP,
    text: str = "",
) -> int:
    """Tell each recipient once, in the caller's transaction; answers how many messages are new.

    The same (event, threshold, cycle) of a stream reaches nobody twice by the same channel, however often this is
    called. With the default channel people hear it in the portal and as each has chosen besides, and the robots of
    their departments get it. What the portal itself shows counts as sent at `at` (default now), unless it is held
    until later; everything else waits for `deliver_due`. `data` may have only the keys of `wording.FACTS`: a name or
    number of a customer has no place in it. `text` is the letter to a customer's contact. Recipients may be None.
    Raises ValueError for other data, and for an event that has no words.

    The entry of the step that is open tells of the messages, without one a batch of their own: four statements more.

    One statement, and two more to look up preferences and robots when staff are told.
    """
    notice = Notice(event, stream, number, recipients, data, threshold, cycle, held_until, at, channel, text)
    return notify_all([notice])


def notify_all(notices: Iterable[Notice]) -> int:
    """What `notify` does, for many notices at once; as many statements for `AT_ONCE` of them as for one."""
    written, left = 0, iter(notices)
    while some := [(one, _people(one)) for one in islice(left, AT_ONCE)]:
        choices = _choices(person for _notice, people in some for person in people)
        rows = [row for notice, people in some for row in _rows(notice, people, choices)]
        keys = add_rows(Notification, list(rows[0]), [list(row.values()) for row in rows], known="skip") if rows else []
        _tell(_new(keys, rows))
        written += len(keys)
    return written


def _new(keys: list[int], rows: list[Row]) -> Iterable[tuple[int, Row]]:
    """The rows that are new, with their keys."""
    if len(keys) == len(rows):
        return zip(keys, rows, strict=True)
    by_what_tells = {tuple(row[name] for name in ONCE): row for row in rows}
    found = Notification.objects.filter(pk__in=keys).order_by("pk").values_list("pk", *ONCE)
    return [(key, by_what_tells[tuple(values)]) for key, *values in found]


def _tell(new: Iterable[tuple[int, Row]]) -> None:
    """Let the entry of the step that is open tell of the messages, or a batch of their own where none is."""
    rows = [(str(row["stream"]), newborn(Notification, key, row)) for key, row in new]
    if rows and not tell_about(rows):
        with batch("notify"):
            tell_about(rows)


@dataclass(frozen=True)
class _Choices:
    """What some people have chosen, by person, kind and channel, and the robots of their departments."""

    preferences: Mapping[tuple[int, str, str], bool]
    bots: Mapping[int, list[Bot]]

    def wants(self, person: Person, kind: Kind, channel: str) -> bool:
        """A warning to whoever answers for it is shown in the portal whatever they chose."""
        if isinstance(person, Contact) or (channel == Channel.IN_APP and kind == Kind.WARNING):
            return channel == Channel.IN_APP
        return self.preferences.get((person.pk, kind.value, channel), channel == Channel.IN_APP)


def _people(notice: Notice) -> list[Person]:
    foreign = notice.data.keys() - FACTS
    if foreign:
        raise ValueError(f"These do not belong into a notification: {', '.join(sorted(foreign))}")
    if not is_known(notice.event):
        raise ValueError(f"Nobody has words for the event {notice.event}")
    people = list({one.stream: one for one in notice.recipients if one is not None}.values())
    if notice.text and not all(isinstance(one, Contact) for one in people):
        raise ValueError("A letter is for the contacts of a customer only")
    return people


def _choices(people: Iterable[Person]) -> _Choices:
    staff = {one.pk: one for one in people if isinstance(one, User)}
    if not staff:
        return _Choices({}, {})
    chosen = Preference.objects.filter(user__in=staff).values_list("user_id", "kind", "channel", "wanted")
    bots: dict[int, list[Bot]] = {}
    for bot in Bot.objects.filter(department__in={one.department_id for one in staff.values()}, is_active=True):
        bots.setdefault(bot.department_id, []).append(bot)
    return _Choices({(user, kind, channel): wanted for user, kind, channel, wanted in chosen}, bots)


def _rows(notice: Notice, people: list[Person], choices: _Choices) -> Iterator[Row]:
    """A row for each recipient and channel."""
    if notice.channel != Channel.IN_APP:
        ways: Iterable[Way] = ((one, notice.channel) for one in people)
    else:
        ways = _ways(notice, people, choices)
    return (_row(notice, one, channel) for one, channel in ways)


def _ways(notice: Notice, people: list[Person], choices: _Choices) -> Iterator[Way]:
    kind, level = kind_of(notice.event), notice.data.get("level")
    for one in people:
        if choices.wants(one, kind, Channel.IN_APP):
            yield one, Channel.IN_APP
        if isinstance(one, User) and one.email and choices.wants(one, kind, Channel.EMAIL):
            yield one, Channel.EMAIL
    for department in {one.department_id for one in people if isinstance(one, User)}:
        for bot in choices.bots.get(department, []):
            if bot.wants(kind, level):
                yield bot, bot.channel


def _row(notice: Notice, one: Person | Bot, channel: str) -> Row:
    at = notice.at or now()
    shown = channel == Channel.IN_APP and (notice.held_until is None or notice.held_until <= at)
    return {
        "event": notice.event,
        "stream": notice.stream,
        "number": notice.number,
        "threshold": notice.threshold,
        "cycle": notice.cycle,
        "recipient": one.stream,
        "user_id": one.pk if isinstance(one, User) else None,
        "contact_id": one.pk if isinstance(one, Contact) else None,
        "bot_id": one.pk if isinstance(one, Bot) else None,
        "channel": channel,
        "data": notice.data,
        "text": notice.text,
        "created_at": at,
        "held_until": notice.held_until,
        "next_attempt_at": None if shown else max(at, notice.held_until or at),
        "sent_at": at if shown else None,
        "attempts": 1 if shown else 0,
        "failures": 0,
        "repeats": 0,
        "message_id": "" if channel == Channel.IN_APP else new_message_id(),
        "status": Status.SENT if shown else Status.QUEUED,
        "reason": "",
        "detail": "",
    }


def new_message_id() -> str:
    """What names a message for good, to mail servers and to receivers of webhooks; kept on its row."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"{uuid.uuid4()}@{domain}"


def mark_seen(actor: Actor, ids: Iterable[int]) -> int:
    """The actor has read these of their own; others' and already read ones stay as they are."""
    unread = _unread(actor).filter(pk__in=list(ids)[:AT_ONCE])
    return unread.update(seen_at=now())


def mark_all_seen(actor: Actor, *, up_to: datetime) -> int:
    """The actor has read all of their own that came until then, the time of the newest that they were shown."""
    return _unread(actor).filter(sent_at__lte=up_to).update(seen_at=now())


def mark_told_seen(actor: Actor, stream: str, *, events: Sequence[str]) -> int:
    """The actor has dealt with what they were told about this record; `events` are beginnings of keys."""
    about = Q()
    for beginning in events:
        about |= Q(event__startswith=beginning)
    return _unread(actor).filter(about, stream=stream).update(seen_at=now())


def cancel(stream: str, *, events: str = "") -> int:
    """What still waits about this record need not be told any more; `events` is the beginning of their keys.

    Called in the transaction that settles the matter; how many messages it stopped. One that a worker is sending at
    this moment may still go out, but is not tried again.
    """
    waiting = Notification.objects.filter(stream=stream, next_attempt_at__isnull=False, event__startswith=events)
    withdrawn = waiting.update(reason=Reason.WITHDRAWN)
    if withdrawn:
        waiting.filter(claimed_at=None).update(status=Status.CANCELLED, next_attempt_at=None)
    return withdrawn


def _unread(actor: Actor) -> QuerySet[Notification]:
    return Notification.objects.filter(
        user=actor.user, channel=Channel.IN_APP, status=Status.SENT, seen_at=None, user__isnull=False
    )
