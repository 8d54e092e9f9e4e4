"""What does not fit."""

from __future__ import annotations

from dataclasses import dataclass

# What reading a forged JSON text can raise.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class Fault:
    """The first thing that does not fit: an entry of a chain (`sequence`) or a row that a chain tells of.

    `is_late` when nothing was altered, only not sealed in time.
    """

    stream: str
    sequence: int | None
    what: str
    is_late: bool = False

    def __str__(self) -> str:
        entry = "" if self.sequence is None else f" entry {self.sequence}"
        return f"{self.stream}{entry}: {self.what}"
