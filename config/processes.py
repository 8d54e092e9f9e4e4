"""A small tree of processes: keeps children running and takes all of them along when it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

logger = structlog.get_logger(__name__)

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
PATIENCE = 10.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process with a group of its own, so that what it starts can be ended with it; it inherits these files."""

    name: str
    command: Sequence[str]
    inherits: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0
    due: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  fixed commands, no shell
            self.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            pass_fds=self.inherits,
            start_new_session=True,
            preexec_fn=_die_with(os.getpid()),
        )

    def signal_group(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def died(self, now: float) -> None:
        """End what the dead process left behind and set the next start, later each time it does not stay up."""
        self.signal_group(signal.SIGKILL)
        if now - self.started > STEADY_AFTER:
            self.pause = 1.0
        self.process, self.due = None, now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def end(self, until: float) -> None:
        """Give the process until then to finish what it does, then kill it with all that it started."""
        if self.process is not None:
            try:
                self.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                logger.warning("child had to be killed", child=self.name)
            self.signal_group(signal.SIGKILL)


class ProcessTree:
    """Runs its children until a signal asks it to stop; SIGTERM, SIGINT and SIGHUP reach all of them."""

    def __init__(self, children: Sequence[Child], environment: Mapping[str, str]) -> None:
        self.children = children
        self.environment = environment
        self.stopping = threading.Event()

    def run(self) -> None:
        """Return once everything has ended."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            while not self.stopping.wait(0.2):
                self._look_after_children()
        finally:
            self._stop()

    def _look_after_children(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None:
                if now >= child.due:
                    child.start(self.environment)
            elif (code := child.process.poll()) is not None:
                child.died(now)
                logger.warning("child ended, will be started again", child=child.name, code=code, after=child.due - now)

    def _stop(self) -> None:
        for child in self.children:
            child.signal_group(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        for child in self.children:
            child.end(until)


def _die_with(parent: int) -> Callable[[], None] | None:
    """What a child runs before its program: on Linux the kernel ends it when `parent` dies, even by SIGKILL."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the kernel was told
            os._exit(1)

    return arrange
