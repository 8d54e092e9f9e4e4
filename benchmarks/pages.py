"""What the pages of every role cost with few and with many records: statements, processor, wall and bytes.

Run `python -m benchmarks.pages 1000000` with DATABASE_URL for PostgreSQL; it makes two scratch databases, one of
`FEW` records, and drops them. Both hold the same open work; what differs is what has been done in the past. Each page
is asked for in the one and in the other in turn, so that a busy neighbour slows both alike, and the best of the rounds
counts. The goal is that nobody waits longer because the firm has worked for years.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402

from accounts.actors import Actor  # noqa: E402
from base.clock import set_clock  # noqa: E402
from base.paging import SIZE  # noqa: E402
from benchmarks import seeding  # noqa: E402
from benchmarks.seeding.templates import STRIDE  # noqa: E402
from incidents.access import declarations  # noqa: E402
from incidents.queries.listing import SORTS  # noqa: E402
from tests import databases  # noqa: E402
from tests.firm import (  # noqa: E402
    ADMINISTRATOR,
    CHEN_HEAD,
    FENG_AUDITOR,
    GAO_MANAGEMENT,
    HE_RISK,
    LIU_DESK,
    WANG_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
    ZHOU_HEAD,
    client_of,
    staff,
)

FEW, MANY = 1_000, 1_000_000
ROUNDS, WARM = 7, 2
MOST_TIMES = 1.2
# Below this no ratio says anything: a statement is a fifth of it.
LEAST = 0.002
MARK = re.compile(r'data-live="(gAAA[^"]+)"')
ROLES = {
    "desk": LIU_DESK,
    "duty desk": WANG_DESK,
    "head": CHEN_HEAD,
    "risk control": HE_RISK,
    "problem manager": ZHOU_HEAD,
    "receiver": XU_SALES,
    "custodian": ZHENG_CUSTODIAN,
    "auditor": FENG_AUDITOR,
    "management": GAO_MANAGEMENT,
    "administrator": ADMINISTRATOR,
}
PAGES = {
    "home": "/",
    "list": "/records/",
    "list of all by receipt": "/records/?view=all&sort=received",
    "last page": "/records/?view=all&sort=received&cursor={last}",
    "list of late": "/records/?view=late",
    "record": "/records/{in_progress}/",
    "record long filed": "/records/{filed}/",
    "form of a call": "/register/",
    "decisions": "/decisions/",
    "hand-overs": "/handovers/",
    "filing": "/filing/",
    "problems": "/problems/",
    "reviews": "/audit/",
    "team": "/team/",
    "customers": "/customers/",
    "bell": "/notifications/",
    "live question": "/live/",
    "reports": "/reports/",
}


@dataclass
class Cost:
    """Of one page: what the best of the rounds took, in seconds, beside what each of them needs."""

    statements: int = 0
    size: int = 0
    cpu: float = float("inf")
    wall: float = float("inf")
    sql: float = float("inf")

    def take(self, other: Cost) -> None:
        """Another round."""
        self.statements, self.size = other.statements, other.size
        self.cpu, self.wall, self.sql = (min(pair) for pair in zip(self.times, other.times, strict=True))

    @property
    def times(self) -> tuple[float, float, float]:
        """Processor, wall, and of the wall the waiting for the database."""
        return self.cpu, self.wall, self.sql


def main(many: int = MANY) -> int:
    """Print the cost of every page, and its ratio beside the goal; 1 if one is missed."""
    if connection.vendor != "postgresql":
        print("pages: only on PostgreSQL, name one by DATABASE_URL")
        return 0
    with _seeded(FEW, many) as names:
        return measure(many, *names)


@contextmanager
def _seeded(*sizes: int) -> Iterator[list[str]]:
    """The names of databases of these sizes; what they have in common is played once."""
    names = [f"pages_{secrets.token_hex(4)}" for _size in (0, *sizes)]
    try:
        databases.create(names[0])
        with databases.opened(names[0]):
            with set_clock(databases.INSTALLED):
                call_command("migrate", verbosity=0)
            played = seeding.begin()
        for name, size in zip(names[1:], sizes, strict=True):
            databases.create(name, names[0])
            with databases.opened(name):
                began = perf_counter()
                seeding.copy(played, size)
                print(f"{size:,} records made in {perf_counter() - began:.0f} s", flush=True)
        yield names[1:]
    finally:
        for name in names:
            databases.drop(name)


def measure(size: int, few: str, many: str) -> int:
    """The pages of all roles in both databases, role by role."""
    red = 0
    print(f"{'page':42} statements, bytes, then from few to many the ms of processor, of wall, and of it for SQL")
    for role, number in ROLES.items():
        for page, (least, most) in costs(number, few, many).items():
            red += not _told(f"{page} of {role}", least, most, size)
    return int(bool(red))


def _told(name: str, least: Cost, most: Cost, size: int) -> bool:
    """Print what the page costs, and whether its ratio is within the goal."""
    pairs = [f"{1000 * few:6.1f} → {1000 * many:7.1f}" for few, many in zip(least.times, most.times, strict=True)]
    print(f"  {name:42} {most.statements:4} {most.size:9,}  {'  '.join(pairs)}")
    ratio = most.wall / max(least.wall, LEAST)
    verdict = "ok" if ratio <= MOST_TIMES else "red"
    print(f"{'pages: ' + name:52}  {ratio:.2f} × at {size:,}  goal {MOST_TIMES} ×  {verdict}", flush=True)
    return verdict == "ok"


def costs(number: str, few: str, many: str) -> dict[str, tuple[Cost, Cost]]:
    """Each page that this person may open, in both databases in turn."""
    found: dict[str, tuple[Cost, Cost]] = {}
    with set_clock(seeding.NOW):
        readers = [_Reader(number, name) for name in (few, many)]
        for page, path in PAGES.items():
            pair = (Cost(), Cost())
            for turn in range(WARM + ROUNDS):
                asked = [reader.ask(path) for reader in readers]
                if turn >= WARM and None not in asked:
                    for cost, taken in zip(pair, asked, strict=True):
                        cost.take(taken)  # type: ignore[arg-type]
                if None in asked:
                    break
            else:
                found[page] = pair
        for reader in readers:
            reader.close()
    return found


class _Reader:
    """Somebody at a desk, in one of the databases, with a connection that stays."""

    def __init__(self, number: str, name: str) -> None:
        settings = {**connections["default"].settings_dict, "NAME": name}
        self._connection = type(connections["default"])(settings, "default")
        with self._at_it():
            self._client = client_of(number, SERVER_NAME="localhost")
            self._given = _given(staff(number))
            self._mark = MARK.findall(self._client.get("/").content.decode())[0]

    def ask(self, path: str) -> Cost | None:
        """What the page takes; None where this person has no such page."""
        taken, spent = _Statements(), Cost()
        headers = {"Live": "1", "Live-Mark": self._mark, "Live-Tab": "benchmark"} if path == "/live/" else {}
        with self._at_it(), connection.execute_wrapper(taken):
            wall, cpu = perf_counter(), process_time()
            answer = self._client.get(path.format(**self._given), headers=headers)
            spent.cpu, spent.wall = process_time() - cpu, perf_counter() - wall
        spent.statements, spent.sql, spent.size = taken.count, taken.seconds, len(answer.content)
        return spent if answer.status_code in (200, 204) else None

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _at_it(self) -> Iterator[None]:
        usual, connections["default"] = connections["default"], self._connection
        try:
            yield
        finally:
            connections["default"] = usual


def _given(actor: Actor) -> dict[str, str]:
    """What the addresses need: a record in progress, one long filed, and where the last page begins."""
    seen, order = declarations(actor), SORTS["received"]
    # Those that were played, which are the same in both.
    played = seen.filter(pk__lt=STRIDE).order_by("pk")
    kept = {state: played.filter(state=state).first() for state in ("in_progress", "filed")}
    last = list(seen.order_by(*order.ordering(turned=True))[: SIZE + 1])
    numbers = {state: record.number if record else "none" for state, record in kept.items()}
    return {**numbers, "last": order.cursor(last[-1]) if last else ""}


class _Statements:
    """Counts the statements of a page, and the time for which the database was waited for."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY))
