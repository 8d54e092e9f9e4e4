"""The sweep over the clocks that are due; any number of workers and beats may run it."""

from __future__ import annotations

from datetime import timedelta

import structlog

from config.clock import now
from config.heartbeat import beat
from escalation.actions.warnings import check_clock
from escalation.queries import BATCH, due_clocks
from sla.models import Clock

log = structlog.get_logger(__name__)
ROUNDS = 100
PUSHED_ASIDE = timedelta(minutes=5)


def sweep() -> int:
    """Check every clock that is due by now; how many warnings and reminders were given.

    Each clock is its own transaction: one that fails is reported, pushed aside and holds up nobody.
    """
    given = 0
    for _round in range(ROUNDS):
        due = list(due_clocks(now()))
        given += sum(_check(clock_id, declaration_id) for clock_id, declaration_id in due)
        if len(due) < BATCH:
            break
    beat("sweep")
    return given


def _check(clock_id: int, declaration_id: int) -> int:
    try:
        return check_clock(clock_id, declaration_id)
    except Exception:
        log.exception("clock_check_failed", clock=clock_id, declaration=declaration_id)
        Clock.objects.filter(pk=clock_id).update(next_check_at=now() + PUSHED_ASIDE)
        return 0
