"""What had to happen, reckoned from the clocks alone, next to what did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import psycopg2

from tests.faults.mail import MailServer
from tests.firm import CHEN_HEAD, LIU_DESK

THRESHOLDS = (75, 90, 100)
TIME_LIMIT = timedelta(hours=24)
LISTENERS = (LIU_DESK, CHEN_HEAD)

DEADLINES = """
    SELECT declaration.id, clock.started_at, clock.due_at, now()
    FROM incidents_declaration declaration JOIN sla_clock clock ON clock.id = declaration.resolution_clock_id"""
WARNINGS = "SELECT declaration_id, threshold, at FROM escalation_warning WHERE threshold IS NOT NULL"
TOLD = """
    SELECT warning.declaration_id, warning.at, told.user_id, told.contact_id, person.employee_number
    FROM escalation_warningrecipient told JOIN escalation_warning warning ON warning.id = told.warning_id
    LEFT JOIN accounts_user person ON person.id = told.user_id"""
MESSAGES = """
    SELECT stream, threshold, recipient, channel, status, message_id FROM notifications_notification
    WHERE event LIKE 'warning.resolution.%'"""
ENTRIES = "SELECT stream, count(*) FROM ledger_entry WHERE action = 'warn_resolution' GROUP BY stream"


def ask(address: str, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the desk's database, past the desk."""
    with closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@dataclass
class Figures:
    """Intents are warnings on records and messages in the outbox; what is lost or doubled must be 0."""

    intents: int
    intents_lost: int
    intents_doubled: int
    mails: int
    mails_lost: int
    mails_under_two_ids: int
    mails_repeated: int

    @property
    def misses(self) -> dict[str, int]:
        """What is not 0 and should be; a repeat under the same id is none."""
        names = [one.name for one in fields(self) if one.name.endswith(("_lost", "_doubled", "_ids"))]
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def figures(address: str, mail: MailServer) -> Figures:
    """Count now."""
    wanted, got = Counter(_wanted(address)), Counter(_got(address))
    rows = [(status, message_id) for *_, channel, status, message_id in ask(address, MESSAGES) if channel == "email"]
    ids = mail.ids
    arrived = sum(1 for _status, message_id in rows if message_id in ids)
    foreign = len(set(ids) - {message_id for _status, message_id in rows})
    return Figures(
        intents=sum(wanted.values()),
        intents_lost=sum((wanted - got).values()),
        intents_doubled=sum((got - wanted).values()),
        mails=len(rows),
        mails_lost=len(rows) - arrived,
        mails_under_two_ids=mail.differing + foreign,
        mails_repeated=sum(ids.values()) - len(ids),
    )


def settled(address: str, mail: MailServer) -> bool:
    """Whether all that was due is done, as far as the desk itself knows."""
    found = figures(address, mail)
    waiting = [row for row in ask(address, MESSAGES) if row[4] not in ("sent", "dead", "cancelled")]
    return not waiting and not found.intents_lost and not found.mails_lost


def _wanted(address: str) -> Iterator[tuple[object, ...]]:
    """Each threshold that has passed warns once; each round of warnings tells each of its people once by each way."""
    for declaration, started, due, at in ask(address, DEADLINES):
        for threshold in THRESHOLDS:
            if started + (due - started) * threshold / 100 <= at:
                yield "warning", declaration, threshold
    people = _people(address)
    for (declaration, at), threshold in _rounds(address).items():
        yield "entry", f"declaration:{declaration}"
        for user, contact, number in people[declaration, at]:
            if user:
                yield "message", f"declaration:{declaration}", threshold, f"staff:{user}", "in_app"
            if user and number in LISTENERS:
                yield "message", f"declaration:{declaration}", threshold, f"staff:{user}", "email"
            if contact:
                yield "message", f"declaration:{declaration}", threshold, f"contact:{contact}", "email"


def _got(address: str) -> Iterator[tuple[object, ...]]:
    for declaration, threshold, _at in ask(address, WARNINGS):
        yield "warning", declaration, threshold
    for stream, count in ask(address, ENTRIES):
        yield from [("entry", stream)] * count
    for stream, threshold, recipient, channel, _status, _message_id in ask(address, MESSAGES):
        yield "message", stream, threshold, recipient, channel


def _rounds(address: str) -> dict[tuple[int, datetime], int]:
    """The highest threshold of what was warned of at one moment: one message carries it all."""
    found: dict[tuple[int, datetime], int] = {}
    for declaration, threshold, at in ask(address, WARNINGS):
        found[declaration, at] = max(threshold, found.get((declaration, at), 0))
    return found


def _people(address: str) -> dict[tuple[int, datetime], set[tuple[Any, ...]]]:
    found: dict[tuple[int, datetime], set[tuple[Any, ...]]] = defaultdict(set)
    for declaration, at, *person in ask(address, TOLD):
        found[declaration, at].add(tuple(person))
    return found
