"""How long `verify_ledger` takes over records as a desk makes them: chains, rows, clocks, messages and checkpoints.

Run `python -m benchmarks.verification 1000000` with DATABASE_URL for PostgreSQL; it makes a scratch database and drops
it. Two records are made by the desk's own actions, one closed after warnings, one escalated; then they are copied by
SQL with all that belongs to them, each copy with keys and number of its own, and their chains are written anew as the
desk would have: every payload tells of the copy's rows, every hash is right. The verification runs in a process of its
own, of which the memory is told; its own progress stands on standard error.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from time import perf_counter, process_time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

from base.clock import set_clock  # noqa: E402
from base.rows import add_rows  # noqa: E402
from escalation.actions import sweep  # noqa: E402
from incidents.models import Declaration  # noqa: E402
from ledger.actions import seal  # noqa: E402
from ledger.canonical import canonical, digest, plain  # noqa: E402
from ledger.models import FIRST, Entry, Payload, Unsealed  # noqa: E402
from ledger.queries import history  # noqa: E402
from ledger.verification.chains import COPIED  # noqa: E402
from tests import scenes  # noqa: E402
from tests.firm import open_firm  # noqa: E402

ENTRIES, SECONDS_A_MILLION = 200_000, 60
AT_ONCE = 200
# A copy's keys lie so far behind those of the copy before.
STRIDE = 10_000
# Where its own keys and its number stand in a payload until the copy's take their place: a value, or within a text.
VALUE, IN_TEXT = "\ue000%s\ue001", "\ue002%s\ue003"
HOLE = re.compile('(?:"\ue000|\ue002)([0-9]+|N)(?:\ue001"|\ue003)')
SALT = "ab" * 32
NAMES = [*COPIED, "hash", "body"]


def main(entries: int = ENTRIES) -> None:
    if connection.vendor != "postgresql":
        print("verification: only on PostgreSQL, name one by DATABASE_URL")
        return
    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0)
    try:
        began = perf_counter()
        fill(entries)
        there = Entry.objects.count()
        print(f"{there:,} entries, {Declaration.objects.count():,} records made in {perf_counter() - began:.0f} s")
        address = {**os.environ, "VERIFIED": str(connection.settings_dict["NAME"])}
        command = [sys.executable, "-m", "benchmarks.verification", "verify"]
        told = json.loads(subprocess.run(command, env=address, check=True, stdout=subprocess.PIPE).stdout)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    seconds = told["cpu"] * 1_000_000 / there
    print(f"of these {told['wall']:.1f} s by the clock, {told['megabytes']:.0f} MB at most; {told['said']}")
    verdict = "ok" if seconds <= SECONDS_A_MILLION and told["said"].startswith("Everything fits") else "red"
    figure = f"{seconds:.0f} s a million, {there / told['cpu']:,.0f} a second"
    print(f"{'verify_ledger, seconds of one core':40}  {figure}  goal {SECONDS_A_MILLION} s  {verdict}")


def verify() -> None:
    """In a process of its own, whose memory is measured."""
    connection.settings_dict["NAME"] = os.environ["VERIFIED"]
    connection.ensure_connection()
    wall, cpu, said = perf_counter(), process_time(), StringIO()
    call_command("verify_ledger", stdout=said, stderr=sys.stderr)
    took = {"wall": perf_counter() - wall, "cpu": process_time() - cpu}
    print(json.dumps({**took, "megabytes": _most_memory(), "said": said.getvalue().splitlines()[-1]}))


def _most_memory() -> float:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def fill(entries: int) -> None:
    with set_clock(scenes.MONDAY):
        open_firm()
        patterns = [scenes.Scene().countersigned(), scenes.Scene().handled("severe", "medium")]
    with set_clock(scenes.MONDAY + timedelta(days=3)):
        assert sweep() > 0
        copies = -(-entries // sum(history(one.stream).count() for one in patterns))
        for pattern in patterns:
            Pattern(pattern).copy(copies)
        _execute("ANALYZE")
        seal()


class Pattern:
    """A record with its rows and its chain, to be copied."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        self.chain = list(history(declaration.stream))
        payloads = [json.loads(entry.payload.content) for entry in self.chain]
        self.own: dict[type[models.Model], set[int]] = defaultdict(set)
        for row in (row for payload in payloads for row in (payload, *payload["rows"]) if "model" in row):
            self.own[apps.get_model(row["model"])].add(row["pk"])
        self.payloads = [self._with_holes(payload) for payload in payloads]

    def copy(self, count: int) -> None:
        """Rows by SQL, then the entries."""
        with _unguarded():
            for kind, keys in self.own.items():
                self._copy_rows(kind, keys, count)
        for first in range(1, count + 1, AT_ONCE):
            self._write(range(first, min(first + AT_ONCE, count + 1)))

    def _copy_rows(self, kind: type[models.Model], keys: set[int], count: int) -> None:
        fields = [field for field in kind._meta.concrete_fields if not field.generated]
        names = ", ".join(f'"{field.column}"' for field in fields)
        values = ", ".join(self._expression(kind, field) for field in fields)
        table = kind._meta.db_table
        _execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS t, generate_series(1, {count}) AS g"
            f" WHERE t.id IN ({', '.join(map(str, keys))})"
        )

    def _expression(self, kind: type[models.Model], field: models.Field[Any, Any]) -> str:
        column, moved = f't."{field.column}"', f" + g * {STRIDE}"
        if field.primary_key or field.related_model in self.own:
            return column + moved
        if (kind, field.name) == (Declaration, "number"):
            return f"{column} || '-' || g"
        if field.name == "stream":
            return f"'declaration:' || ({self.declaration.pk}{moved})"
        return column

    def _with_holes(self, payload: dict[str, Any]) -> list[str]:
        for row in (payload, *payload["rows"]):
            if "model" in row:
                self._open(row)
        return HOLE.split(canonical(payload))

    def _open(self, row: dict[str, Any]) -> None:
        kind = apps.get_model(row["model"])
        row["pk"] = VALUE % row["pk"]
        for name, pair in row["fields"].items():
            field = kind._meta.get_field(name)
            for place, value in enumerate(pair):
                if value is not None and field.related_model in self.own:
                    pair[place] = VALUE % value
                elif value == self.declaration.stream:
                    pair[place] = f"declaration:{IN_TEXT % self.declaration.pk}"
                elif (kind, name) == (Declaration, "number") and value:
                    pair[place] = f"{value}{IN_TEXT % 'N'}"

    def _write(self, numbers: range) -> None:
        made = [one for number in numbers for one in self._entries(number)]
        with transaction.atomic():
            keys = add_rows(Entry, NAMES, [columns for columns, _content in made])
            beside = [(key, SALT, content) for key, (_columns, content) in zip(keys, made, strict=True)]
            add_rows(Payload, ("entry_id", "salt", "content"), beside)
            add_rows(Unsealed, ("entry_id",), [(key,) for key in keys])

    def _entries(self, number: int) -> Iterator[tuple[list[Any], str]]:
        stream, previous = f"declaration:{self.declaration.pk + number * STRIDE}", FIRST
        for entry, parts in zip(self.chain, self.payloads, strict=True):
            content = "".join(_filled(part, number) if at % 2 else part for at, part in enumerate(parts))
            columns = {name: getattr(entry, name) for name in COPIED}
            columns |= {"stream": stream, "previous_hash": previous, "payload_digest": digest(SALT + content)}
            body = canonical({**json.loads(entry.body), **{name: plain(value) for name, value in columns.items()}})
            previous = digest(body)
            yield [*columns.values(), previous, body], content


def _filled(part: str, number: int) -> str:
    return f"-{number}" if part == "N" else str(int(part) + number * STRIDE)


@contextmanager
def _unguarded() -> Iterator[None]:
    """No guards, no checks of keys: the copies are as right as their pattern."""
    with transaction.atomic():
        _execute("SET LOCAL session_replication_role = replica")
        yield


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


if __name__ == "__main__":
    words = sys.argv[1:]
    work: Callable[[], None] = verify if words == ["verify"] else lambda: main(*map(int, words))
    work()
