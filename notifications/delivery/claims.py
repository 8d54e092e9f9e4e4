"""Taking rows out of the outbox for a while, and giving them back with a result.

A claim numbers itself (`attempts`); a result counts only while its number is still the row's, so that a worker that
was stopped and wakes up after its lease changes nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet

from accounts.models import Department, Role, User
from accounts.queries import head_of, holders
from base.clock import now
from notifications.batches import note_delivered
from notifications.enclosing import empty
from notifications.kinds import Kind, kind_of
from notifications.models import Notification, Reason
from notifications.outbox import notify
from notifications.outcomes import Busy, Later, Never, Outcome, Sent, Untried, trimmed

log = structlog.get_logger(__name__)
Status = Notification.Status
LEASE = timedelta(seconds=120)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=30)
MOST_FAILURES = 8
OLDEST = timedelta(days=1)
# Where several workers look at the same rows, each takes those that no other is just taking. SQLite writes one by one.
LOCK = "FOR UPDATE SKIP LOCKED"


@dataclass(frozen=True)
class Result:
    """How the attempt with that number ended."""

    row: Notification
    attempt: int
    outcome: Outcome


def claim(channels: Sequence[str], limit: int, *, bot_id: int | None = None) -> list[Notification]:
    """Take up to `limit` rows that are due, the longest waiting first, each with its recipient; two statements.

    The number of the attempt is the one that this claim gave: a worker that sleeps between the two statements would
    read that of the next one.
    """
    numbers = _take(channels, limit, bot_id)
    found = Notification.objects.filter(pk__in=numbers).order_by("pk")
    beside = ("user__department", "contact__customer__department", "bot__department", "enclosure__link")
    rows = list(found.select_related(*beside))
    for row in rows:
        row.attempts = numbers[row.pk]
    return rows


def _take(channels: Sequence[str], limit: int, bot_id: int | None) -> dict[int, int]:
    at, table = now(), Notification._meta.db_table
    places = ", ".join(["%s"] * len(channels))
    of_bot = "AND bot_id = %s" if bot_id is not None else ""
    lock = LOCK if connection.features.has_select_for_update_skip_locked else ""
    # Chosen once and for all: a planner may run a subquery with a limit again for every row, and take more than that.
    statement = f"""
        WITH due AS MATERIALIZED (
            SELECT id FROM {table}
            WHERE channel IN ({places}) AND next_attempt_at <= %s AND reason <> 'withdrawn' {of_bot}
            ORDER BY next_attempt_at LIMIT %s {lock}
        )
        UPDATE {table} SET attempts = attempts + 1, claimed_at = %s, next_attempt_at = %s,
            repeats = repeats + CASE WHEN claimed_at IS NULL THEN 0 ELSE 1 END
        WHERE id IN (SELECT id FROM due)
        RETURNING id, attempts"""  # noqa: S608  the table's own name and our own words
    stored = connection.ops.adapt_datetimefield_value
    values = [*channels, stored(at), *([bot_id] if of_bot else []), limit, stored(at), stored(at + LEASE)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


def note(results: Iterable[Result]) -> int:
    """Write down how attempts ended; how many were delivered. Late results of an old attempt are dropped.

    Those that were sent take one statement and the entry that proves it, the others one each: a row that cannot be
    dealt with becomes a dead letter and holds up no other.
    """
    found = list(results)
    sent = _note_sent([one for one in found if isinstance(one.outcome, Sent)])
    for one in found:
        if not isinstance(one.outcome, Sent):
            _note_alone(one)
    return sent


def _note_alone(result: Result) -> None:
    try:
        with transaction.atomic():
            _note_failure(result)
    except (OperationalError, InterfaceError):  # the database's fault, not the row's
        raise
    except Exception:
        log.exception("result_not_noted", notification=result.row.pk)
        _held(result).update(**_ended(Status.DEAD, Reason.UNWORDED))


def _ended(status: Status, reason: Reason, detail: str = "") -> dict[str, Any]:
    """The columns of a message that is not tried again."""
    return {
        "status": status,
        "reason": reason,
        "detail": trimmed(detail),
        "next_attempt_at": None,
        "claimed_at": None,
        "failures": F("failures") + 1,
    }


@transaction.atomic
def _note_sent(results: list[Result]) -> int:
    written, at = [], now()
    for attempt, same in groupby(sorted(results, key=lambda one: one.attempt), key=lambda one: one.attempt):
        written += _note_sent_at(at, [one.row.pk for one in same], attempt)
    note_delivered(written, at)
    empty(one.row for one in results if one.row.pk in written)
    return len(written)


def _note_sent_at(at: datetime, keys: list[int], attempt: int) -> list[int]:
    """Those of the messages that were still held by this attempt."""
    rows = Notification.objects.filter(pk__in=keys, attempts=attempt)
    columns = {"status": Status.SENT, "sent_at": at, "next_attempt_at": None, "claimed_at": None}
    if rows.filter(claimed_at__isnull=False).update(**columns, reason="", detail="") == len(keys):
        return keys
    return list(rows.filter(status=Status.SENT, sent_at=at).values_list("pk", flat=True))


def _note_failure(result: Result) -> None:
    match result.outcome:
        case Untried():
            _put_back(result, at=now(), reason=result.row.reason)
        case Busy(seconds=seconds):
            _put_back(result, at=now() + timedelta(seconds=seconds), reason=Reason.BUSY)
        case Never(reason=reason, detail=detail):
            _give_up(result, reason, detail)
        case Later(reason=reason, detail=detail, doubtful=doubtful):
            _try_later(result, reason, detail, doubtful)


def _put_back(result: Result, *, at: datetime, reason: str = "") -> None:
    if reason == Reason.BUSY and result.row.created_at < now() - OLDEST:
        _give_up(result, Reason.TOO_OLD, "")
        return
    _held(result).update(next_attempt_at=at, claimed_at=None, reason=reason)


def _try_later(result: Result, reason: Reason, detail: str, doubtful: bool) -> None:
    failures = result.row.failures + 1
    if failures >= MOST_FAILURES:
        _give_up(result, reason, detail)
        return
    _held(result).update(
        status=Status.FAILED,
        failures=failures,
        repeats=F("repeats") + int(doubtful),
        next_attempt_at=now() + pause(failures),
        claimed_at=None,
        reason=reason,
        detail=trimmed(detail),
    )


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures: twice as long each time, a quarter more or less by chance."""
    return min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE) * random.uniform(0.75, 1.25)


def _give_up(result: Result, reason: Reason, detail: str) -> None:
    """A recipient who has left, or a matter that is settled, needs nothing; else it is a dead letter."""
    ended = Status.CANCELLED if reason in (Reason.INACTIVE, Reason.WITHDRAWN) else Status.DEAD
    with transaction.atomic():
        written = _held(result).update(**_ended(ended, reason, detail))
        empty([result.row] if written else [])
        if written and ended == Status.DEAD and kind_of(result.row.event) == Kind.WARNING:
            _escalate(result.row)


def _held(result: Result) -> QuerySet[Notification]:
    """The row, if this attempt still holds it and nobody has withdrawn the message."""
    mine = Notification.objects.filter(pk=result.row.pk, attempts=result.attempt, claimed_at__isnull=False)
    mine.filter(reason=Reason.WITHDRAWN).update(status=Status.CANCELLED, next_attempt_at=None, claimed_at=None)
    return mine


def _escalate(row: Notification) -> None:
    """Nobody may believe that a warning was heard when it was not: administrators and the head are told."""
    department = _department(row)
    head = head_of(department) if department else None
    recipients: list[User | None] = [*holders(Role.ADMINISTRATOR), head]
    facts = row.data if isinstance(row.data, dict) else {}
    notify(
        "delivery.dead",
        stream=row.stream,
        number=row.number,
        recipients=recipients,
        data={key: value for key, value in facts.items() if key in ("level", "due_at")},
        threshold=row.threshold,
        cycle=row.pk,
    )


def _department(row: Notification) -> Department | None:
    if row.contact is not None:
        return row.contact.customer.department
    person = row.user or row.bot
    return person.department if person else None
