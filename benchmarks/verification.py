"""How long `verify_ledger` takes over records as a desk makes them: chains, rows, clocks, messages and checkpoints.

Run `python -m benchmarks.verification 1000000` with DATABASE_URL for PostgreSQL; it makes a scratch database and drops
it. The records are those of `benchmarks.seeding`: played through the desk's own actions and copied with chains of
their own, so this shows as well that they are as the desk would have made them. The verification runs in a process of
its own, of which the memory is told; its own progress stands on standard error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from time import perf_counter, process_time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from base.clock import set_clock  # noqa: E402
from benchmarks import seeding  # noqa: E402
from incidents.models import Declaration  # noqa: E402
from ledger.actions import seal  # noqa: E402
from ledger.models import Entry  # noqa: E402

ENTRIES, SECONDS_A_MILLION = 200_000, 60
ENTRIES_A_RECORD = 11


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
    played = seeding.begin()
    seeding.copy(played, entries // ENTRIES_A_RECORD, whole=entries)
    with set_clock(seeding.NOW):
        seal()


if __name__ == "__main__":
    words = sys.argv[1:]
    work: Callable[[], None] = verify if words == ["verify"] else lambda: main(*map(int, words))
    work()
