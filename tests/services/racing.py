"""Several at once, on a real database server."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from base.clock import now, set_clock
from ledger.actions import snapshots, steps

T = TypeVar("T")
THREADS = 8
on_a_server = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="the test database of SQLite lies in memory, for one thread"
)


def at_once(work: Callable[[int], T], threads: int = THREADS) -> list[T]:
    """Results of `work(number)` in threads that start together, at the time of the caller, each with a connection."""
    barrier, at = Barrier(threads, timeout=30), now()

    def run(number: int) -> T:
        try:
            with set_clock(at):
                barrier.wait()
                return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def killed_in_the_middle(work: Callable[[], object], status: int = 9) -> None:
    """Run `work` in a process of its own, which has to end itself by `os._exit(status)` before it is done."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    _pid, ended = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(ended) == status


def without_lock_and_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what keeps two steps on one record apart: nobody waits, and whoever writes last writes over it."""
    save = snapshots.Snapshot.save

    def save_over(self: Any, *, bump: bool, always: bool = False) -> Any:
        changed = None
        while changed is None:
            current = type(self.instance)._base_manager.filter(pk=self.instance.pk).first()
            if current is not None and "version" in self.values:
                self.values["version"] = current.version
            changed = save(self, bump=bump, always=always)
        return changed

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    # The statement that locks is put together once a process: here anew, without its lock.
    monkeypatch.setattr(steps, "_locked", steps._locked.__wrapped__)
    monkeypatch.setattr(snapshots.Snapshot, "save", save_over)
