"""How many deadlines one core computes a second, for spans of days and years, with and without pauses.

Run `python -m benchmarks.deadlines`. The goal is 100,000 a second for targets of a working year and of thirty, with
thirty years already known as well as with one, and also with two pauses. Counted is the processor's time of this one
process, so that a busy neighbour takes less from the figure.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time
from typing import TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sla.arithmetic import Months, Pause, WorkingCalendar, deadline

GOAL = 100_000
# A calendar that knows thirty years may cost half as much again as one that knows one.
SLOWER = 1.5
COUNT = 5_000
# Each round runs every scene, so that a slow moment slows all alike.
ROUNDS = 15
FRESH, GROWN = "a working year", "a working year, thirty years known"
YEAR_OF_WORK = timedelta(hours=7.5 * 250)
Scene: TypeAlias = tuple[WorkingCalendar, timedelta | Months, int, int]
WEEKLY = {weekday: [(540, 720), (810, 1080)] for weekday in range(5)}


def main() -> int:
    """Print every figure beside its goal; 1 if one is missed."""
    rounds = [{name: _rate(*scene) for name, scene in _scenes().items()} for _ in range(ROUNDS)]
    red = 0
    for name in rounds[0]:
        rates = [rates[name] for rates in rounds]
        reached = median(rates) >= GOAL
        red += not reached
        print(
            f"deadlines: {name:36} {median(rates):9,.0f}/s (minimum {min(rates):9,.0f})"
            f"  goal {GOAL:,}/s  {'ok' if reached else 'RED'}"
        )
    ratio = median(rates[FRESH] / rates[GROWN] for rates in rounds)
    print(
        f"deadlines: {'thirty years known against one':36} {ratio:9.2f} ×  goal at most {SLOWER} ×"
        f"  {'ok' if ratio <= SLOWER else 'RED'}"
    )
    return int(red > 0 or ratio > SLOWER)


def _scenes() -> dict[str, Scene]:
    fresh = WorkingCalendar("Asia/Shanghai", WEEKLY, {date(2026, 10, day): [] for day in range(1, 8)})
    grown = WorkingCalendar("Asia/Shanghai", WEEKLY)
    deadline(datetime(2026, 1, 1, tzinfo=UTC), 30 * YEAR_OF_WORK, grown)
    return {
        "four hours": (fresh, timedelta(hours=4), 2026, 0),
        FRESH: (fresh, YEAR_OF_WORK, 2026, 0),
        GROWN: (grown, YEAR_OF_WORK, 2050, 0),
        "thirty working years": (grown, 30 * YEAR_OF_WORK, 2026, 0),
        "a working year, two pauses": (fresh, YEAR_OF_WORK, 2026, 2),
        "a calendar month": (fresh, Months(1), 2026, 0),
    }


def _rate(calendar: WorkingCalendar, target: timedelta | Months, year: int, pauses: int) -> float:
    """Deadlines a second from starts spread over the year, each with so many pauses in the weeks after it."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(minutes=100 * step) for step in range(COUNT)]
    cases = [(start, _pauses(start, pauses)) for start in starts]
    deadline(starts[-1], target, calendar)
    began = process_time()
    for start, paused in cases:
        deadline(start, target, calendar, paused)
    return COUNT / (process_time() - began)


def _pauses(start: datetime, number: int) -> list[Pause]:
    days = (start + timedelta(days=7 * week) for week in range(1, number + 1))
    return [(day, day + timedelta(days=1)) for day in days]


if __name__ == "__main__":
    sys.exit(main())
