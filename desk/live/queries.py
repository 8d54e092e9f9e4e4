"""What is new in the firm, in few and narrow statements: most questions end after the first of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import time

from django.db import connection

from accounts.actors import Actor
from escalation.models import Problem
from incidents.access import declarations
from incidents.models import Declaration
from ledger.models import Entry
from notifications.queries import UNREAD_LIMIT

# Entries are numbered before they are committed: of the last ones each is known, so that a late one is noticed.
LAST = 32
# More news than these are not told apart.
MOST = 200
# The chains whose entries change what others see on desk, list or bell; the rest (refusals, keys, themes) does not.
TOLD = frozenset(
    "article calendar confirmation contact contract customer delegation department grant procedure review".split()
)
NEWEST = """
    WITH latest AS (SELECT id FROM ledger_entry ORDER BY id DESC LIMIT %s),
    unread AS (
        SELECT id FROM notifications_notification
        WHERE user_id = %s AND status = 'sent' AND channel = 'in_app' AND seen_at IS NULL LIMIT %s
    )
    SELECT (SELECT max(id) FROM latest), (SELECT sum(id) FROM latest),
        (SELECT count(*) FROM unread), (SELECT sum(id) FROM unread)
"""
# The expiry of a session goes by the machine's clock, as in Django.
IN_SESSION = "WHERE EXISTS (SELECT 1 FROM django_session WHERE session_key = %s AND expire_date > %s)"


@dataclass(frozen=True)
class Newest:
    """The last entry of all chains with the sum of the last `LAST` keys, and the same of what somebody has not read."""

    entry: int = 0
    entries: int = 0
    unread: int = 0
    messages: int = 0


@dataclass(frozen=True)
class News:
    """What came since a mark: `all` stands for more than is told apart, or for what was committed late."""

    all: bool = False
    records: frozenset[int] = frozenset()
    problems: frozenset[int] = frozenset()
    others: bool = False
    # Who wrote last into the chain of a record, by its key; empty for the desk itself and for whoever asks.
    by: dict[int, str] = field(default_factory=dict)


def newest(user: int) -> Newest:
    """One statement: the end of the primary key of the ledger, and the partial index `notification_unread`."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [LAST, user, UNREAD_LIMIT])
        return Newest(*(int(value or 0) for value in cursor.fetchone()))


def is_as_known(known: Newest, user: int, session: str) -> bool:
    """Whether nothing is newer, and the session has not ended; the same statement, with the session by its key."""
    at = connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(time(), UTC))
    with connection.cursor() as cursor:
        cursor.execute(NEWEST + IN_SESSION, [LAST, user, UNREAD_LIMIT, session, at])
        row = cursor.fetchone()
    return row is not None and Newest(*(int(value or 0) for value in row)) == known


def news_since(known: Newest, own: str) -> News:
    """One statement over the end of the primary key; `own` is how the ledger names whoever asks."""
    rows = list(Entry.objects.order_by("-pk").values_list("pk", "stream", "actor", "actor_name")[: MOST + LAST])
    new = [row for row in rows if row[0] > known.entry]
    before = [row[0] for row in rows if row[0] <= known.entry][:LAST]
    if len(new) > MOST or sum(before) != known.entries:
        return News(all=True)
    quiet = (own, "system")
    return _told_apart((stream, "" if actor in quiet else name) for _key, stream, actor, name in reversed(new))


def _told_apart(entries: Iterable[tuple[str, str]]) -> News:
    records: set[int] = set()
    problems: set[int] = set()
    by: dict[int, str] = {}
    others = False
    for stream, name in entries:
        kind, _colon, key = stream.partition(":")
        if kind == Declaration.stream_kind and key.isdecimal():
            records.add(int(key))
            by[int(key)] = name
        elif kind == Problem.stream_kind and key.isdecimal():
            problems.add(int(key))
        else:
            others = others or kind in TOLD
    return News(False, frozenset(records), frozenset(problems), others, by)


def sees_any(actor: Actor, keys: Iterable[int]) -> bool:
    """Whether one of these records is for the actor's eyes; one statement by their keys."""
    return declarations(actor).filter(pk__in=list(keys)).exists()


def record_of(actor: Actor, key: int) -> bool:
    """Whether the actor may see the record (still); one statement by its key."""
    return declarations(actor).filter(pk=key).exists()


def problem_is_of(record: int, problems: Iterable[int]) -> bool:
    """Whether one of these problems was raised from the record; one statement by their keys."""
    return Problem.objects.filter(pk__in=list(problems), declaration=record).exists()
