"""The copy of the checkpoints outside the database: one line each, only ever added, and what it says of the database.

Whoever puts an old copy of the database back cannot put back this file too, if it lies where they do not reach.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_END, BufferedRandom
from pathlib import Path
from typing import Any

from django.conf import settings

from ledger.canonical import canonical, digest
from ledger.models import FIRST, Checkpoint

TAIL = 64 * 1024


class RolledBack(Exception):
    """The copy knows checkpoints that the database does not have."""


@dataclass(frozen=True)
class SignedLine:
    """One line: a checkpoint, or the word of an operator that an older database was put back on purpose."""

    body: str
    signature: str

    @property
    def data(self) -> dict[str, Any]:
        """What the body says."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def end(self) -> tuple[int, str]:
        """Number and root of the checkpoint that the history has reached with this line."""
        data = self.data
        return (data["to"], data["root"]) if data["kind"] == "restored" else (data["number"], digest(self.body))

    def text(self) -> str:
        """The line as it stands in the file."""
        return canonical({"body": self.body, "signature": self.signature}) + "\n"


def path() -> Path:
    """The file of `settings.CHECKPOINT_COPY`; it need not be there yet."""
    return Path(settings.CHECKPOINT_COPY)


def publish() -> int:
    """Add to the copy what the database has beyond it; how many lines that were.

    Safe for any number of workers, also killed ones. Raises `RolledBack` when the database does not have what the
    copy ends with; nothing may be sealed then, because two histories would go on.
    """
    with _opened() as file:
        number, root = _end(file)
        _refuse_rolled_back(number, root)
        beyond = Checkpoint.objects.filter(number__gt=number).order_by("number")
        return _add(file, (SignedLine(one.body, one.signature) for one in beyond.iterator(chunk_size=500)))


def note(line: SignedLine) -> None:
    """Add the word of an operator."""
    with _opened() as file:
        _add(file, [line])


def lines(source: Path) -> Iterator[SignedLine]:
    """The lines of a copy; one that a power cut left half written is passed over, as it was written again after it.

    Raises ValueError with the number of the first line that cannot be read.
    """
    torn = ""
    with source.open(encoding="utf-8", errors="replace") as file:
        for number, text in enumerate(file, start=1):
            if torn and not text.startswith(torn):
                raise ValueError(f"line {number - 1} cannot be read")
            line = _read(text)
            torn = "" if line else text.rstrip("\n")
            if line:
                yield line


def _read(text: str) -> SignedLine | None:
    try:
        line = SignedLine(**json.loads(text))
        return line if line.end else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


@contextmanager
def _opened() -> Iterator[BufferedRandom]:
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _end(file: BufferedRandom) -> tuple[int, str]:
    """Number and root that the copy has reached; reads its tail only."""
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - TAIL))
    found = [line for text in file.read().decode(errors="replace").splitlines() if (line := _read(text))]
    if size and not found:
        raise RolledBack(f"{path()} is no copy of checkpoints.")
    return found[-1].end if found else (0, FIRST)


def _refuse_rolled_back(number: int, root: str) -> None:
    if number and not Checkpoint.objects.filter(number=number, root=root).exists():
        raise RolledBack(
            f"The database does not have checkpoint {number} that {path()} ends with: an older copy of it was put "
            "back, or another one. If that was you: manage.py seal_ledger --after-restore REASON."
        )


def _add(file: BufferedRandom, new: Iterable[SignedLine]) -> int:
    count = 0
    size = file.seek(0, SEEK_END)
    if size:
        file.seek(size - 1)
        if file.read(1) != b"\n":
            file.write(b"\n")
    for line in new:
        file.write(line.text().encode())
        count += 1
    file.flush()
    os.fsync(file.fileno())
    return count
