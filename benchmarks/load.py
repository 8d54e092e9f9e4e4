"""Two hundred people at work at once: nineteen of twenty requests read, one logs a call.

Run `python -m benchmarks.load 100000 900` with DATABASE_URL for PostgreSQL: so many records, so many seconds; it makes
a scratch database and drops it. The desk is served as `docker-compose.yml` serves it, by two processes of eight
threads. Everybody asks for something about every ten seconds, each at times of their own; the client takes its share
of the same processors.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import quantiles
from time import monotonic, sleep

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402

from benchmarks.own import desk, log_call  # noqa: E402
from benchmarks.served import Served  # noqa: E402

SIZE, SECONDS = 100_000, 120
PEOPLE, EVERY, THREADS = 200, 10.0, 8
WRITES = 0.05
GOAL = 0.3
NUMBER = re.compile(r"/records/(SD-\d{8}-\d+)/")
# What is read, and how often.
READ = {
    "/": 4,
    "/records/": 4,
    "record": 6,
    "/records/?view=all&q=%E5%AF%B9%E8%B4%A6%E5%8D%95": 1,
    "/register/": 2,
    "/notifications/": 1,
    "/handovers/": 1,
}


@dataclass
class Told:
    """How long each request took, in seconds, and what went wrong."""

    took: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


def main(size: int = SIZE, seconds: int = SECONDS) -> int:
    """Print the slowest of twenty requests, and how many failed; 1 if the goal is missed."""
    if connection.vendor != "postgresql":
        print("load: only on PostgreSQL, name one by DATABASE_URL")
        return 0
    with desk(size, THREADS) as served, ThreadPoolExecutor(PEOPLE) as people:
        numbers = sorted(set(NUMBER.findall(served.get("/records/").decode())))
        told, end = Told(), monotonic() + seconds
        for work in [people.submit(_work, served, number, numbers, told, end) for number in range(PEOPLE)]:
            work.result()
    return _print(told, size, seconds)


def _work(served: Served, number: int, numbers: list[str], told: Told, end: float) -> None:
    chance = random.Random(number)
    sleep(chance.uniform(0, EVERY))
    while monotonic() < end:
        began = monotonic()
        try:
            _ask(served, chance, numbers)
        except Exception as error:
            told.errors[f"{type(error).__name__}: {str(error)[:80]}"] += 1
        else:
            told.took.append(monotonic() - began)
        sleep(chance.uniform(0.5, 1.5) * EVERY)


def _ask(served: Served, chance: random.Random, numbers: list[str]) -> None:
    if chance.random() < WRITES:
        log_call(served)
        return
    [path] = chance.choices(list(READ), list(READ.values()))
    served.get(f"/records/{chance.choice(numbers)}/" if path == "record" else path)


def _print(told: Told, size: int, seconds: int) -> int:
    slowest = quantiles(told.took, n=20)[-1]
    failed = sum(told.errors.values())
    for error, times in told.errors.most_common(5):
        print(f"  {times} × {error}")
    asked = f"{len(told.took):,} requests in {seconds} s, median {1000 * quantiles(told.took, n=2)[0]:.0f} ms"
    print(f"  {PEOPLE} people at {size:,} records: {asked}")
    fits = slowest <= GOAL
    print(f"{'load: p95':44}  {1000 * slowest:.0f} ms  goal {1000 * GOAL:.0f} ms  {'ok' if fits else 'red'}")
    print(f"{'load: requests that failed':44}  {failed}  goal 0  {'red' if failed else 'ok'}")
    return int(not fits or failed > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
