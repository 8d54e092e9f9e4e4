"""How many working-time deadlines one core computes a second, for spans of days and years.

Run `python -m benchmarks.deadlines`. The budget is 100,000 a second for targets of a working year, and a calendar that
already holds thirty years may not be slower than a fresh one by more than a half.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sla.arithmetic import Pause, WorkingCalendar, deadline

BUDGET = 100_000
COUNT = 20_000
# The best of several rounds, each with every scene, so that a busy neighbour slows all alike.
ROUNDS = 7
YEAR, LATER = "a working year", "a working year, thirty years known"
YEAR_OF_WORK = timedelta(hours=7.5 * 250)
Scene: TypeAlias = tuple[WorkingCalendar, timedelta, int, list[Pause]]
WEEKLY = {weekday: [(540, 720), (810, 1080)] for weekday in range(5)}


def main() -> None:
    fresh = WorkingCalendar("Asia/Shanghai", WEEKLY, {date(2026, 10, day): [] for day in range(1, 8)})
    grown = WorkingCalendar("Asia/Shanghai", WEEKLY)
    deadline(datetime(2026, 1, 1, tzinfo=UTC), 30 * YEAR_OF_WORK, grown)
    days = (datetime(2026, 3, day, tzinfo=UTC) for day in (2, 9))
    pauses: list[Pause] = [(day, day + timedelta(days=1)) for day in days]
    scenes: dict[str, Scene] = {
        "four hours": (fresh, timedelta(hours=4), 2026, []),
        YEAR: (fresh, YEAR_OF_WORK, 2026, []),
        LATER: (grown, YEAR_OF_WORK, 2050, []),
        "thirty working years": (grown, 30 * YEAR_OF_WORK, 2026, []),
        "a working year, two pauses": (fresh, YEAR_OF_WORK, 2026, pauses),
    }
    rounds = [{name: _rate(*scene) for name, scene in scenes.items()} for _ in range(ROUNDS)]
    best = {name: max(rates[name] for rates in rounds) for name in scenes}
    for name, rate in best.items():
        print(f"{name:36} {rate:10,.0f} deadlines/s")
    if best[YEAR] < BUDGET or best[LATER] < BUDGET or best[LATER] * 1.5 < best[YEAR]:
        sys.exit("over budget")


def _rate(calendar: WorkingCalendar, target: timedelta, year: int, pauses: list[Pause]) -> float:
    """Deadlines a second from starts spread over the year."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(minutes=25 * step) for step in range(COUNT)]
    deadline(starts[-1], target, calendar)
    began = perf_counter()
    for start in starts:
        deadline(start, target, calendar, pauses)
    return COUNT / (perf_counter() - began)


if __name__ == "__main__":
    main()
