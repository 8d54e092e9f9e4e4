"""The sweep over what is due; any number of workers and beats may run it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, models, transaction

from base.clock import now
from base.heartbeat import beat, note_failure
from escalation.actions.climbing import claim_unanswered, climb
from escalation.actions.held import cancel_held, claim_held
from escalation.actions.thresholds import check_clocks
from escalation.models import HeldWarning, Unanswered
from escalation.queries import next_check
from sla import actions as sla
from sla.models import Clock

log = structlog.get_logger(__name__)
BATCH = 1000
ROUNDS = 1000
PUSHED_ASIDE = timedelta(minutes=5)


@dataclass(frozen=True)
class Duty:
    """A kind of row that becomes due: `claim(at, limit, among=keys)` locks some, `carry_out(rows, at)` answers how
    many warnings were given and how many rows were dealt with; `due` is the column by which it comes back."""

    rows: type[models.Model]
    due: str
    claim: Callable[..., list[Any]]
    carry_out: Callable[..., tuple[int, int]]


# In this order: what was held is cancelled only after the clocks had their chance to send it.
DUTIES = (
    Duty(Clock, "next_check_at", sla.claim_due, check_clocks),
    Duty(HeldWarning, "held_until", claim_held, cancel_held),
    Duty(Unanswered, "next_check_at", claim_unanswered, climb),
)


def sweep(on_backlog: Callable[[], None] = lambda: None) -> int:
    """Do everything that is due by now; how many warnings and reminders were given.

    Costs what is due: whole batches in a few statements each, one transaction a batch. A row that fails is found by
    halving its batch, reported, also on the health page, and pushed aside; it holds up nobody. `on_backlog` is called
    after the first batch of a kind if that was a full one, where the database lets others take from the rest meanwhile.
    """
    due = next_check()
    warnings = sum(_do_all(duty, on_backlog) for duty in DUTIES) if due is not None and due <= now() else 0
    beat("sweep")
    return warnings


def _do_all(duty: Duty, on_backlog: Callable[[], None]) -> int:
    warnings = 0
    for position in range(ROUNDS):
        claimed, issued, dealt_with = _do_some(duty)
        warnings += issued
        if claimed < BATCH or not dealt_with:
            break
        if position == 0 and connection.features.has_select_for_update_skip_locked:
            on_backlog()
    return warnings


def _do_some(duty: Duty, among: list[Any] | None = None) -> tuple[int, int, int]:
    """One batch: how many rows were claimed, how many warnings given, how many rows dealt with."""
    claimed: list[Any] = []
    try:
        with transaction.atomic(), collecting_later():
            at = now()
            rows = duty.claim(at, BATCH, among=among)
            claimed = [row.pk for row in rows]
            return (len(rows), *duty.carry_out(rows, at)) if rows else (0, 0, 0)
    except Exception:
        if not claimed or not connection.is_usable():
            raise
        if len(claimed) == 1:
            _push_aside(duty, claimed[0])
            return 1, 0, 1
    middle = len(claimed) // 2
    first, second = _do_some(duty, claimed[:middle]), _do_some(duty, claimed[middle:])
    return len(claimed), first[1] + second[1], first[2] + second[2]


@contextmanager
def collecting_later() -> Iterator[None]:
    """A batch makes some hundred thousand objects that live to its end: to look for garbage among them takes as long
    as everything else, and finds none."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _push_aside(duty: Duty, key: Any) -> None:
    """To be called where the exception is being handled: it is reported with its trace."""
    log.exception("sweep_failed", row=duty.rows._meta.label_lower, key=key)
    still_due = duty.rows._base_manager.filter(pk=key, **{f"{duty.due}__lte": now()})
    still_due.update(**{duty.due: now() + PUSHED_ASIDE})
    note_failure("sweep")
