"""The figures counted record by record in plain words, to compare with what the desk stores and adds up."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from incidents.models import OPEN_STATES, Declaration
from reports.access import counted
from reports.figures import Rate, Sums
from reports.periods import Month
from reports.queries.counting import Asked
from reports.queries.sla import cells


def by_hand(actor: Actor, asked: Asked, at: datetime) -> dict[Any, Sums]:
    """The sums of each month, department, customer and level, read from the records and their clocks one by one."""
    found: dict[Any, Sums] = defaultdict(Sums)
    for record in counted(actor).select_related("response_clock", "resolution_clock"):
        division = record.department_id, record.customer_id, record.priority
        answered = _answered_in_time(record)
        if record.type == "incident" and record.state in ("resolved", "closed", "filed"):
            in_time = record.resolved_at < record.due_at
            month = Month.of(record.resolved_at)
            solved = Sums(resolution=Rate(in_time, 1), attainment=Rate(bool(in_time and answered), 1))
            found[month, *division] += solved
        if _is_judged(record, at):
            found[Month.of(record.received_at), *division] += Sums(response=Rate(answered, 1))
        if _is_overdue(record, at):
            found[Month.of(record.due_at), *division] += Sums(overdue=1)
    return {key: sums for key, sums in found.items() if key[0] in list(asked.period)}


def added_up(actor: Actor, asked: Asked, at: datetime) -> dict[Any, Sums]:
    """The same as the pages read it."""
    return {(cell.month, cell.department, cell.customer, cell.level): cell.sums for cell in cells(actor, asked, at)}


def _answered_in_time(record: Declaration) -> bool:
    clock, answered_at = record.response_clock, record.first_response_at
    return clock is not None and answered_at is not None and answered_at < clock.due_at


def _is_judged(record: Declaration, at: datetime) -> bool:
    clock = record.response_clock
    if clock is None or record.first_response_at is not None:
        return clock is not None
    return clock.due_at <= at and (clock.cancelled_at is None or clock.cancelled_at >= clock.due_at)


def _is_overdue(record: Declaration, at: datetime) -> bool:
    if record.type != "incident" or record.state not in OPEN_STATES or record.resolved_at or record.due_at is None:
        return False
    clock = record.resolution_clock
    return record.due_at <= at and (clock is None or clock.paused_at is None or clock.paused_at >= record.due_at)
