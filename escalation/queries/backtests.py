"""What the trend would have said in months that it had not seen yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from escalation.queries.trends import decided_between, experiences_at
from incidents.models import Declaration
from incidents.queries.outlook import caution_of, kinds_of
from procedure.queries import Rules
from sla.arithmetic import ALWAYS, Months, deadline
from sla.backtest import CHECKPOINTS, Trial
from sla.prediction import Experience, likely_from, outlook
from sla.queries import observed

MONTH = timedelta(days=31)
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class HeldOut:
    """One month: how many cases were known before it, and what became of those that were decided in it."""

    month: datetime
    known: int
    trials: list[Trial]


def held_out_months(book: Rules, months: int, at: datetime) -> Iterator[HeldOut]:
    """The last full months before `at`, oldest first, each told by what was known at its beginning.

    Level and category are those of today, also where they were corrected later. Two reads of history a month.
    """
    local = at.astimezone(CHINA).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for back in range(months, 0, -1):
        begins = _months_before(local, back)
        ends = deadline(begins, Months(1), ALWAYS) or at
        since = begins - MONTH * book.parameter("trend_history_months")
        known = experiences_at(book, since, begins)
        decided = decided_between(begins, ends)
        trials = [_trial(each, known, book, ends) for each in decided if each.leaf in book.leaves]
        yield HeldOut(begins, sum(known[kind].known for kind in known if "/" not in kind), trials)


def _months_before(local: datetime, back: int) -> datetime:
    years, month = divmod(local.year * 12 + local.month - 1 - back, 12)
    return local.replace(year=years, month=month + 1)


def _trial(declaration: Declaration, known: dict[str, Experience], book: Rules, ends: datetime) -> Trial:
    assert declaration.resolution_clock is not None
    seen = observed(declaration.resolution_clock, ends)
    kinds = kinds_of(declaration.priority or 0, declaration.leaf, book)
    chain, caution = [known.get(kind, Experience()) for kind in kinds], caution_of(book)
    forecasts = [
        (percent, outlook(chain, percent, caution).chance) for percent in CHECKPOINTS if percent <= seen.percent
    ]
    return Trial(
        percent=seen.percent,
        missed=seen.outcome == "missed",
        likely_from=likely_from(chain, book.parameter("trend_chance_percent") / 100, caution),
        chances=tuple((percent, chance) for percent, chance in forecasts if chance is not None),
    )
