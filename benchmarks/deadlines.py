"""How many working-time deadlines one core computes a second, for spans of days and years.

Run `python -m benchmarks.deadlines`. The budget is 100,000 a second for targets of a working year, and a calendar that
already holds thirty years may not be slower than a fresh one by more than a half.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sla.arithmetic import Pause, WorkingCalendar, deadline

BUDGET = 100_000
COUNT = 100_000
YEAR_OF_WORK = timedelta(hours=7.5 * 250)
WEEKLY = {weekday: [(540, 720), (810, 1080)] for weekday in range(5)}


def main() -> None:
    fresh = WorkingCalendar("Asia/Shanghai", WEEKLY, {date(2026, 10, day): [] for day in range(1, 8)})
    grown = WorkingCalendar("Asia/Shanghai", WEEKLY)
    deadline(datetime(2026, 1, 1, tzinfo=UTC), 30 * YEAR_OF_WORK, grown)
    days = (datetime(2026, 3, day, tzinfo=UTC) for day in (2, 9))
    pauses: list[Pause] = [(day, day + timedelta(days=1)) for day in days]
    rates = {
        "four hours": _rate(fresh, timedelta(hours=4), 2026),
        "a working year": _rate(fresh, YEAR_OF_WORK, 2026),
        "a working year, thirty years known": _rate(grown, YEAR_OF_WORK, 2050),
        "thirty working years": _rate(grown, 30 * YEAR_OF_WORK, 2026),
        "a working year, two pauses": _rate(fresh, YEAR_OF_WORK, 2026, pauses),
    }
    for name, rate in rates.items():
        print(f"{name:36} {rate:10,.0f} deadlines/s")
    year, later = rates["a working year"], rates["a working year, thirty years known"]
    if year < BUDGET or later < BUDGET or later * 1.5 < year:
        sys.exit("over budget")


def _rate(calendar: WorkingCalendar, target: timedelta, year: int, pauses: Sequence[Pause] = ()) -> float:
    """Deadlines a second, best of three, from starts spread over the year."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(minutes=5 * step) for step in range(COUNT)]
    deadline(starts[-1], target, calendar)
    return max(COUNT / _seconds(calendar, starts, target, pauses) for _ in range(3))


def _seconds(
    calendar: WorkingCalendar, starts: Sequence[datetime], target: timedelta, pauses: Sequence[Pause]
) -> float:
    began = perf_counter()
    for start in starts:
        deadline(start, target, calendar, pauses)
    return perf_counter() - began


if __name__ == "__main__":
    main()
