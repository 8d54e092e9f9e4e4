"""Threads that talk to servers and do nothing else: rows and database stay with the thread that leads them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from types import TracebackType

import structlog

from notifications.delivery.claims import LEASE, Result
from notifications.models import Notification, Reason
from notifications.outcomes import Later, Outcome, Untried

log = structlog.get_logger(__name__)
# Nothing is begun so near to the end of the lease that it could end after it.
LATEST_START = LEASE.total_seconds() - 60


@dataclass(frozen=True)
class Job:
    """One message, written and ready; `send` goes over the network and may take as long as its time-outs."""

    row: Notification
    send: Callable[[], Outcome]
    until: float


def job(row: Notification, send: Callable[[], Outcome]) -> Job:
    """A job of a row that was claimed just now. A process that slept past `until` does not begin it."""
    return Job(row, send, monotonic() + LATEST_START)


class Pool(AbstractContextManager["Pool"]):
    """Give it jobs, ask it for results; `busy` counts those in between."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="delivery")
        self._done: SimpleQueue[Result] = SimpleQueue()
        self.busy = 0

    def submit(self, one: Job) -> None:
        """Have it done as soon as a thread is free."""
        self.busy += 1
        self._pool.submit(self._work, one)

    def results(self) -> list[Result]:
        """Wait for one that is done, then take all that are."""
        found = [self._done.get()]
        while True:
            try:
                found.append(self._done.get_nowait())
            except Empty:
                self.busy -= len(found)
                return found

    def _work(self, one: Job) -> None:
        outcome: Outcome = Untried()
        try:
            if monotonic() < one.until:
                outcome = one.send()
        except Exception as error:
            log.exception("delivery_failed", notification=one.row.pk)
            outcome = Later(Reason.TEMPORARY, type(error).__name__, doubtful=True)
        self._done.put(Result(one.row, one.row.attempts, outcome))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=kind is not None)
