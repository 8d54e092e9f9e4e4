"""The figures as a test reads them."""

from __future__ import annotations

from accounts.actors import Actor
from base.clock import now
from reports.figures import Figure, Rate, Sums
from reports.periods import Month, Period
from reports.queries.counting import Asked
from reports.queries.records import RecordsPart, page
from reports.queries.sla import cells
from tests.firm import CHEN_HEAD, staff

YEAR = Asked(Period(Month(2026, 1), Month(2026, 12)))


def total(reader: str | Actor = CHEN_HEAD, asked: Asked = YEAR) -> Sums:
    actor = staff(reader) if isinstance(reader, str) else reader
    return sum((cell.sums for cell in cells(actor, asked, now())), Sums())


def numbers(figure: Figure, part: RecordsPart, reader: str = CHEN_HEAD, asked: Asked = YEAR) -> set[str]:
    """The records of a list, as far as they fit on one page."""
    return {row.number for row in page(staff(reader), figure, part, asked, now()).rows}


def rate(numerator: int, denominator: int) -> Rate:
    return Rate(numerator, denominator)
