"""What a figure is: kept out of counted. Pure; the counting is done by `reports.queries`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from reports.periods import Month


class Figure(StrEnum):
    """The figures of clause 7 that are counted so far."""

    RESOLUTION = "resolution"
    RESPONSE = "response"
    ATTAINMENT = "attainment"


@dataclass(frozen=True)
class Rate:
    """So many of so many."""

    numerator: int = 0
    denominator: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.numerator + other.numerator, self.denominator + other.denominator)

    @property
    def missed(self) -> int:
        return self.denominator - self.numerator

    @property
    def percent(self) -> float | None:
        """With two decimals; None of nothing, which is neither 0 nor 100."""
        return round(100 * self.numerator / self.denominator, 2) if self.denominator else None

    @property
    def words(self) -> str:
        """With one decimal, or a dash; only all is 100 %, and only none is 0 %."""
        if not self.denominator:
            return "–"
        if self.numerator in (0, self.denominator):
            return "100%" if self.numerator else "0%"
        return f"{min(max(100 * self.numerator / self.denominator, 0.1), 99.9):.1f}%"


@dataclass(frozen=True)
class Sums:
    """The figures of one part of what was asked; `overdue` are open now and past their due time."""

    resolution: Rate = field(default_factory=Rate)
    response: Rate = field(default_factory=Rate)
    attainment: Rate = field(default_factory=Rate)
    overdue: int = 0

    @property
    def rates(self) -> tuple[Rate, Rate]:
        """Solved and answered within time."""
        return self.resolution, self.response

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.resolution + other.resolution,
            self.response + other.response,
            self.attainment + other.attainment,
            self.overdue + other.overdue,
        )


@dataclass(frozen=True)
class FigureCell:
    """The figures of one month, department, customer and level.

    None is a month before the period, an unknown customer, or no level yet.
    """

    month: Month | None
    department: int
    customer: int | None
    level: int | None
    sums: Sums


def summed(cells: Iterable[FigureCell], key: Callable[[FigureCell], Hashable]) -> dict[Hashable, Sums]:
    """The figures of each part into which `key` divides the cells."""
    found: dict[Hashable, Sums] = {}
    for cell in cells:
        part = key(cell)
        found[part] = found.get(part, Sums()) + cell.sums
    return found
