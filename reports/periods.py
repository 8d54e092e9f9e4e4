"""Calendar months on the wall clock of China, in which the procedure counts its figures (clause 7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from accounts.actors import CHINA, local_day

USUAL = 6
LONGEST = 36


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def of(cls, at: datetime) -> Month:
        """The month of an instant in China."""
        day = local_day(at)
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """By which it is stored."""
        return date(self.year, self.number, 1)

    @property
    def start(self) -> datetime:
        """Its first instant, aware."""
        return datetime(self.year, self.number, 1, tzinfo=CHINA)

    def later(self, months: int) -> Month:
        """The month so many months after it, or before it if negative."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)


@dataclass(frozen=True)
class Period:
    """The months from `first` to `last`, both counted; refused if they lie the wrong way round."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} is before {self.first}")

    @classmethod
    def usual(cls, at: datetime) -> Period:
        """The last six months with the running one."""
        last = Month.of(at)
        return cls(last.later(1 - USUAL), last)

    @property
    def start(self) -> datetime:
        return self.first.start

    @property
    def end(self) -> datetime:
        """The first instant that no longer belongs to it."""
        return self.last.later(1).start

    def __len__(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.number - self.first.number + 1

    def __iter__(self) -> Iterator[Month]:
        return (self.first.later(step) for step in range(len(self)))
