"""How far the job of an import has come, in a small file beside the attachments.

The one transaction that writes everything cannot tell of itself through the database: nobody sees what is not
committed, and on SQLite nobody else may write meanwhile. The cache of the embedded desk is the memory of one process.
All processes of a desk share the folder of the attachments. The lock on the file falls with the process that holds it,
however it dies, so that it also tells whether anybody is at work.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO

from django.conf import settings

EVERY = 0.5


@dataclass(frozen=True)
class Progress:
    """So many rows of all that there are; `of` is 0 while nobody knows."""

    done: int
    of: int

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.of) if self.of else 0


class Report:
    """What a job calls as it goes on; the file is written twice a second at most."""

    def __init__(self, file: IO[str] | None = None) -> None:
        self._file = file
        self._told = -EVERY

    def __call__(self, done: int, of: int) -> None:
        if self._file is None or (monotonic() - self._told < EVERY and done != of):
            return
        self._told = monotonic()
        self._file.seek(0)
        self._file.write(json.dumps([done, of]).ljust(40))
        self._file.flush()


UNSEEN = Report()


@contextmanager
def at_work(key: int) -> Iterator[Report | None]:
    """Be the one process at this import; None where another is."""
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        with path.open("w") as file:
            yield Report(file)


def progress(key: int) -> Progress | None:
    """How far it has come; None where no job is at it."""
    try:
        with _path(key).open() as file:
            done, of = json.loads(file.read() or "[0, 0]")
            if _is_free(file):
                return None
            return Progress(done, of)
    except (OSError, ValueError):
        return None


def _is_free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(file, fcntl.LOCK_UN)
    return True


def _path(key: int) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / str(key)
