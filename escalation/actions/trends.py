"""Learning from our own history which incidents usually miss their time (clause 5.4.6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from accounts.actors import local_day
from base.clock import now
from base.heartbeat import beat
from escalation.queries import expecting_otherwise, experiences_at, open_kinds
from incidents.queries.outlook import likely_percent
from procedure.queries import in_force, rules
from sla import actions as sla
from sla.models import Clock
from sla.queries import last_learnt

BATCH = 500
MONTH = timedelta(days=31)
Progress = Callable[[int, int], None]


def learn_trend(*, again: bool = False, progress: Progress = lambda done, total: None) -> int:
    """Once a day: make experience anew from history, then look ahead for every open incident; how many moved.

    Asked for more often it does nothing, unless `again`. Run twice or killed anywhere, the next run ends with the
    same. A clock that somebody holds is left to the next day.
    """
    at = now()
    last = last_learnt()
    if last is not None and local_day(last) == local_day(at) and not again:
        beat("trend")
        return 0
    book = rules(in_force(local_day(at)).pk)
    since = at - MONTH * book.parameter("trend_history_months")
    sla.learn(experiences_at(book, since, at), at)
    moved = _look_ahead(progress)
    beat("trend")
    return moved


def _look_ahead(progress: Progress) -> int:
    moved, kinds = 0, open_kinds()
    for position, (priority, leaf, version) in enumerate(kinds, start=1):
        percent = likely_percent(priority, leaf, rules(version))
        clocks = expecting_otherwise(priority, leaf, version, percent)
        for first in range(0, len(clocks), BATCH):
            moved += _foresee(clocks[first : first + BATCH], percent)
        progress(position, len(kinds))
    return moved


@transaction.atomic
def _foresee(keys: list[int], percent: int | None) -> int:
    free = list(Clock.objects.select_for_update(skip_locked=True).filter(pk__in=keys))
    sla.foresee(free, percent)
    return len(free)
