"""What the customer has been promised and still waits for: answers, news and solutions, each with its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.actors import Actor
from accounts.models import Customer
from escalation.queries.promises import told_times
from incidents.models import Declaration, State
from incidents.queries.customers import promising_of
from incidents.verbs.due import answer_due, update_interval

# Records that are looked at, and promises that stand on the page.
READ, SHOWN = 100, 10
INFORMED = (State.IN_PROGRESS, State.WAITING_CUSTOMER)


@dataclass(frozen=True)
class Promise:
    """What is promised on which record, and until when; without a time it is owed as soon as it can be."""

    declaration: Declaration
    words: str
    at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Promises:
    """The first of the open promises, by their time, and how many there are beside them."""

    rows: list[Promise]
    more: int


def promises_of(actor: Actor, customer: Customer, at: datetime) -> Promises:
    """Of the records that `actor` may see; two statements."""
    records = promising_of(actor, customer, READ)
    told = told_times(records)
    found = [each for record in records for each in _of_record(record, told.get(record.pk), at)]
    found.sort(key=lambda each: (each.at is None, each.at or at))
    return Promises(found[:SHOWN], max(0, len(found) - SHOWN))


def _of_record(record: Declaration, told: datetime | None, now: datetime) -> Iterator[Promise]:
    for words, at in _promised(record, told):
        yield Promise(record, words, at, is_late=at is not None and at <= now)


def _promised(record: Declaration, told: datetime | None) -> Iterator[tuple[str, datetime | None]]:
    if record.first_response_at is None and record.response_clock is not None:
        yield _("First response"), record.response_clock.due_at
    if answer_due(record):
        yield _("Answer to the service request"), None
    if record.resolved_at is not None:
        return
    if told is not None:
        yield _("Solution, by the new time that was told"), told
    elif record.due_at is not None and not record.clock_stands:
        yield pgettext("promise", "Solution"), record.due_at
    if (next_update := _next_update(record)) is not None:
        yield _("Next news"), next_update


def _next_update(record: Declaration) -> datetime | None:
    interval = update_interval(record) if record.state in INFORMED else None
    return (record.communicated_at or record.received_at) + interval if interval is not None else None
