"""What is new in the firm, in few and narrow statements: most questions end after the first of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import time

from django.db import connection

from accounts.actors import Actor
from escalation.models import Problem
from incidents.access import sees_any
from incidents.models import Declaration
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
NEWS = """
    SELECT id, stream, actor, actor_name,
        (SELECT sum(id) FROM (SELECT id FROM ledger_entry WHERE id <= %s ORDER BY id DESC LIMIT %s) AS before)
    FROM ledger_entry WHERE id > %s ORDER BY id DESC LIMIT %s
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
    # Whether the account of whoever asks was changed.
    own: bool = False
    # Who wrote last into the chain of a record, by its key; empty for the desk itself and for whoever asks.
    by: dict[int, str] = field(default_factory=dict)


def newest(user: int) -> Newest:
    """One statement: the end of the primary key of the ledger, and the partial index `notification_unread`."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [LAST, user, UNREAD_LIMIT])
        return Newest(*(int(value or 0) for value in cursor.fetchone()))


def newest_in_session(user: int, session: str) -> Newest | None:
    """The same statement, with the session by its key; None where that has ended."""
    at = connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(time(), UTC))
    with connection.cursor() as cursor:
        cursor.execute(NEWEST + IN_SESSION, [LAST, user, UNREAD_LIMIT, session, at])
        row = cursor.fetchone()
    return Newest(*(int(value or 0) for value in row)) if row is not None else None


def news_since(known: Newest, own: str) -> News:
    """One statement over the end of the primary key; `own` is how the ledger names whoever asks."""
    with connection.cursor() as cursor:
        cursor.execute(NEWS, [known.entry, LAST, known.entry, MOST + 1])
        new = cursor.fetchall()
    # Without a newer one, it is an older one that was committed late.
    if not 0 < len(new) <= MOST or int(new[0][4] or 0) != known.entries:
        return News(all=True)
    quiet = (own, "system")
    entries = [(stream, "" if actor in quiet else name) for _key, stream, actor, name, _before in reversed(new)]
    return _told_apart(entries, own)


def _told_apart(entries: Iterable[tuple[str, str]], own: str) -> News:
    records: set[int] = set()
    problems: set[int] = set()
    by: dict[int, str] = {}
    others = is_own = False
    for stream, name in entries:
        is_own = is_own or stream == own
        kind, _colon, key = stream.partition(":")
        if kind == Declaration.stream_kind and key.isdecimal():
            records.add(int(key))
            by[int(key)] = name
        elif kind == Problem.stream_kind and key.isdecimal():
            problems.add(int(key))
        else:
            others = others or kind in TOLD
    return News(False, frozenset(records), frozenset(problems), others, is_own, by)


def record_of(actor: Actor, key: int) -> bool:
    """Whether the actor may see the record (still); one statement by its key."""
    return sees_any(actor, [key])


def records_of_problems(problems: Iterable[int]) -> list[int]:
    """The records from which these problems were raised; a statement by their keys where there are any."""
    keys = list(problems)
    return list(Problem.objects.filter(pk__in=keys).values_list("declaration", flat=True)) if keys else []


def problem_is_of(record: int, problems: Iterable[int]) -> bool:
    """Whether one of these problems was raised from the record; one statement by their keys."""
    return Problem.objects.filter(pk__in=list(problems), declaration=record).exists()
