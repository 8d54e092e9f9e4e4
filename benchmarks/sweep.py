"""What a sweep costs over many open clocks of which one in a hundred has crossed a threshold, and with nothing due.

Run `python -m benchmarks.sweep 1000000` with DATABASE_URL for PostgreSQL; it makes a scratch database and drops it.
The floor is measured in the same rounds: the clocks that the sweep claimed are locked and marked, their declarations
are locked, the last entry of each chain is read, since the next one holds its hash, and the very rows that the sweep
wrote are inserted again, by one statement of SQL a table from a copy inside the database, in one transaction, under
the same constraints, indexes and guards. What the floor leaves out is what only a program can do: to say whom to warn
of what, to hash, and to send the rows to the database. Beside one sweep that does it all, one with a helper is
measured: so a desk shares a backlog.

The clocks that are due come first and have a declaration with a ledger chain each, as have some others; the rest are
clocks alone, since a sweep that reads anything of what is not due has failed already.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing import get_context
from time import perf_counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection, models, transaction  # noqa: E402

from base.clock import set_clock  # noqa: E402
from escalation.actions import sweep  # noqa: E402
from escalation.models import Unanswered, Warning, WarningRecipient  # noqa: E402
from incidents.models import Declaration  # noqa: E402
from ledger.models import Entry, Payload, Unsealed  # noqa: E402
from notifications.models import Notification  # noqa: E402
from sla.models import Clock  # noqa: E402
from tests import scenes  # noqa: E402
from tests.firm import open_firm  # noqa: E402

SIZE, RECORDS, ROUNDS = 1_000_000, 100_000, 3
MOST_TIMES_THE_FLOOR, MOST_IDLE = 3.0, 0.005
# What a sweep writes, parents first.
WRITTEN: tuple[type[models.Model], ...] = (
    Warning,
    WarningRecipient,
    Entry,
    Payload,
    Unsealed,
    Unanswered,
    Notification,
)
# The ledger also holds what came before.
SWEPT = "action = 'warn_resolution'"
BESIDE = f"entry_id IN (SELECT id FROM {Entry._meta.db_table} WHERE {SWEPT})"
OWN: dict[type[models.Model], str] = {Entry: SWEPT, Payload: BESIDE, Unsealed: BESIDE}
# Four working hours from Monday ten o'clock: three quarters are used up at half past two.
REACHED = datetime.fromisoformat("2026-11-23T14:30:00+08:00")


def main(size: int = SIZE) -> bool:
    """Measure, print, and answer whether both goals are met."""
    if connection.vendor != "postgresql":
        print("sweep: only on PostgreSQL, name one by DATABASE_URL")
        return True
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    try:
        _line(f"{size:,} open clocks", f"made in {_timed(lambda: fill(size)):.0f} s")
        return measure(size // 100)
    finally:
        connection.creation.destroy_test_db(str(name), verbosity=0)


def measure(due: int) -> bool:
    """The best of some rounds of each way and of the floor in turn, so that a busy neighbour slows all alike."""
    idle = min(_timed(lambda: _swept(REACHED - timedelta(minutes=1), expected=0)) for _ in range(20))
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    floors = []
    for _round in range(ROUNDS):
        for way, sweep_all in WAYS.items():
            took[way].append(sweep_all(due))
            assert Entry.objects.filter(sequence=2, action="warn_resolution").count() == due, "a chain is not whole"
            if not floors and way == ALONE:
                _keep_what_was_written()
            undo()
        floors.append(_timed(floor))
        undo()
    _line("floor in raw SQL", f"{min(floors):.2f} s for {due:,} warnings")
    fits = [_compare(f"sweep: 1 % due, {way}", min(times), min(floors)) for way, times in took.items()]
    _line("sweep: nothing due", f"{1000 * idle:.1f} ms", "", f"goal {1000 * MOST_IDLE:.0f} ms", idle <= MOST_IDLE)
    return all(fits) and idle <= MOST_IDLE


def fill(size: int) -> None:
    """Copies of one declaration in progress, each with its clock; the first hundredth is due by the same minute."""
    with set_clock(scenes.MONDAY):
        open_firm()
        pattern = scenes.Scene().in_progress("minor", "low")
    clock = pattern.resolution_clock_id
    due = size // 100
    later = f"interval '1 day' * (CASE WHEN g <= {due} THEN 0 ELSE 1 + g % 20 END) + interval '1 microsecond' * g"
    base = 1_000_000_000
    moved = {name: f"t.{name} + {later}" for name in ("started_at", "due_at", "next_check_at")}
    with _unguarded():
        _copy(Clock, f"t.id = {clock}", size, {"id": f"{base} + g", **moved})
        own = {
            "id": f"{base} + g",
            "number": f"'SD-20261123-' || ({base} + g)",
            "resolution_clock_id": f"{base} + g",
            "response_clock_id": "NULL",
            "relay_clock_id": "NULL",
            "due_at": f"t.due_at + {later}",
        }
        _copy(Declaration, f"t.id = {pattern.pk}", min(size, RECORDS), own)
        told = {"id": f"{base} + g", "stream": f"'declaration:' || ({base} + g)"}
        _copy(Entry, f"t.stream = '{pattern.stream}' AND t.sequence = 1", due, told)
    with transaction.atomic():
        Clock.objects.filter(pk__lt=base).update(next_check_at=None)
        table = Clock._meta.db_table
        _execute(f"CREATE TABLE before_{table} AS SELECT id, next_check_at FROM {table} WHERE id <= {base + due}")
    _execute("VACUUM ANALYZE")


def floor() -> None:
    """The least that any sweep would have to do, by one statement a table."""
    with transaction.atomic():
        clock = Clock._meta.db_table
        _execute(
            f"SELECT id FROM {clock} WHERE next_check_at <= %s ORDER BY next_check_at FOR UPDATE SKIP LOCKED",
            [REACHED + timedelta(minutes=1)],
        )
        _execute(
            f"UPDATE {clock} AS c SET checked = k.checked, next_check_at = k.next_check_at,"
            f" breached_at = k.breached_at FROM kept_{clock} AS k WHERE c.id = k.id"
        )
        _execute(
            f"SELECT id FROM {Declaration._meta.db_table} WHERE resolution_clock_id IN (SELECT id FROM kept_{clock})"
            " FOR UPDATE SKIP LOCKED"
        )
        entry = Entry._meta.db_table
        _execute(
            f"SELECT k.stream, (SELECT e.hash FROM {entry} AS e WHERE e.stream = k.stream"
            f" ORDER BY e.sequence DESC LIMIT 1) FROM kept_{entry} AS k"
        )
        for kind in WRITTEN:
            _execute(f"INSERT INTO {kind._meta.db_table} SELECT * FROM kept_{kind._meta.db_table}")


def undo() -> None:
    """Everything as it was before the sweep, without the dead rows."""
    clock = Clock._meta.db_table
    with _unguarded():
        for kind in reversed(WRITTEN):
            _execute(f"DELETE FROM {kind._meta.db_table} WHERE {OWN.get(kind, 'true')}")
        _execute(
            f"UPDATE {clock} AS c SET checked = 0, breached_at = NULL, next_check_at = b.next_check_at"
            f" FROM before_{clock} AS b WHERE c.id = b.id"
        )
    _execute("VACUUM ANALYZE")


def _keep_what_was_written() -> None:
    for kind in WRITTEN:
        table = kind._meta.db_table
        _execute(f"CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE {OWN.get(kind, 'true')}")
    clock = Clock._meta.db_table
    _execute(f"CREATE TABLE kept_{clock} AS SELECT * FROM {clock} WHERE checked > 0")


def _swept(at: datetime, *, expected: int) -> None:
    with set_clock(at):
        given = sweep()
    assert given == expected, f"{given} warnings instead of {expected}"


def _alone(due: int) -> float:
    """One sweep does it all."""
    return _timed(lambda: _swept(REACHED + timedelta(minutes=1), expected=due))


def _with_a_helper(due: int) -> float:
    """Another process takes from the rest, as `escalation.tasks.sweep` asks for it; from when both are connected."""
    connection.close()
    forked = get_context("fork")
    ready, given = forked.Barrier(3), forked.Queue()
    sweeps = [forked.Process(target=_help, args=(ready, given)) for _number in range(2)]
    for one in sweeps:
        one.start()
    ready.wait()
    took = _timed(lambda: [one.join() for one in sweeps])
    shares = [given.get(), given.get()]
    assert sum(shares) == due, f"{shares} warnings instead of {due}"
    return took


def _help(ready: Any, given: Any) -> None:
    connection.ensure_connection()
    ready.wait()
    with set_clock(REACHED + timedelta(minutes=1)):
        given.put(sweep())
    connection.close()


ALONE = "alone"
WAYS: dict[str, Callable[[int], float]] = {ALONE: _alone, "with a helper": _with_a_helper}


def _copy(kind: type[models.Model], pattern: str, count: int, changed: dict[str, str]) -> None:
    """`count` copies of one row, numbered by g, but for the columns that are changed."""
    columns = [field.column for field in kind._meta.concrete_fields if not field.generated]
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = kind._meta.db_table
    _execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS t, generate_series(1, {count}) AS g"
        f" WHERE {pattern}"
    )


@contextmanager
def _unguarded() -> Iterator[None]:
    """No guards, no checks of keys: the copies are as right as their pattern."""
    with transaction.atomic():
        _execute("SET LOCAL session_replication_role = replica")
        yield


def _execute(sql: str, values: list[object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _compare(name: str, took: float, least: float) -> bool:
    ratio = took / least
    fits = ratio <= MOST_TIMES_THE_FLOOR
    _line(name, f"{took:.2f} s", f"{ratio:.1f} × the floor", f"goal {MOST_TIMES_THE_FLOOR:.0f} ×", fits)
    return fits


def _line(name: str, figure: str, ratio: str = "", goal: str = "", fits: bool | None = None) -> None:
    verdict = "" if fits is None else "ok" if fits else "red"
    print(f"{name:32} {figure:>28}  {ratio:>18}  {goal:>10}  {verdict}".rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE) else 1)
