"""A file as the plan takes it, whatever its format: pages with numbered rows, and what is wrong with it as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.text import fold
from workbook.cells import Cell, Wrong, text_of
from workbook.sheets import Sheet

SAMPLE = gettext_lazy("Sample")
# What a row that is skipped has in its first column, in both languages.
SAMPLES = frozenset({fold("示例"), fold("Sample")})
MARK, PROBLEM = gettext_lazy("Mark"), gettext_lazy("Problem")
# Columns that the workbook has beside those of the sheet.
BESIDE = frozenset({fold(word) for word in ("标记", "Mark", "问题", "Problem")})
MARKS = frozenset({fold("标记"), fold("Mark")})
HEAD = 1
MOST_ROWS = 50_000


class Unreadable(Exception):
    """A file of which nothing can be read, with the sentence that says what to do."""


@dataclass(frozen=True)
class RawRow:
    """A row as it stands in the file: its cells by the keys of their columns."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Page:
    """A sheet of the file. `flaws` are sentences by row that concern no single column; row 1 holds the headings."""

    sheet: Sheet
    letters: Mapping[str, str]
    rows: Callable[[], Iterator[RawRow]]
    count: int
    flaws: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a sheet that is none of ours, or with the file."""

    sheet: str
    sentence: str


@dataclass(frozen=True)
class Book:
    """What was read; the pages in the order in which they are carried out."""

    pages: Sequence[Page]
    flaws: Sequence[Flaw] = ()

    @property
    def count(self) -> int:
        return sum(page.count for page in self.pages)


@dataclass(frozen=True)
class Head:
    """The headings of a sheet: which position holds which column, and where samples are marked."""

    columns: Mapping[int, str]
    mark: int | None
    flaws: Sequence[str]

    def row(self, number: int, cells: Sequence[Cell]) -> RawRow | None:
        """The row, unless it is empty or a sample."""
        if self.mark is not None and self.mark < len(cells) and fold(_text(cells[self.mark])) in SAMPLES:
            return None
        found = {key: cells[position] for position, key in self.columns.items() if position < len(cells)}
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in found.values()):
            return None
        return RawRow(number, {key: found.get(key) for key in self.columns.values()})

    def letters(self) -> dict[str, str]:
        return {key: letter(position) for position, key in self.columns.items()}


def read_head(sheet: Sheet, cells: Sequence[Cell]) -> Head:
    """Which column stands where; what cannot be told is a flaw of the row of headings."""
    columns: dict[int, str] = {}
    mark, flaws = None, []
    for position, text in enumerate(map(_text, cells)):
        if fold(text) in MARKS:
            mark = position
        key = column_of(sheet, text)
        if key in columns.values():
            flaws.append(_("The heading “%(heading)s” stands here twice. Delete one column.") % {"heading": text})
        elif key:
            columns[position] = key
        elif text and fold(text) not in BESIDE:
            where = {"heading": text[:40], "column": letter(position)}
            flaws.append(_("Column %(column)s has the heading “%(heading)s”, which is none of this sheet.") % where)
    missing = [str(each.heading) for each in sheet.columns if each.required and each.key not in columns.values()]
    if missing:
        flaws.append(_("These headings are missing: %(headings)s.") % {"headings": _(", ").join(missing)})
    return Head(columns, mark, flaws)


def column_of(sheet: Sheet, heading: str) -> str:
    """The key of the column with that heading, in either language; empty for none."""
    folded = fold(heading)
    return next((column.key for column in sheet.columns if folded and folded in column.headings), "")


def letter(position: int) -> str:
    """The name of a column by its position from 0."""
    high, low = divmod(position, 26)
    return f"{letter(high - 1) if high else ''}{chr(ord('A') + low)}"


def _text(cell: Cell) -> str:
    try:
        return text_of(cell)
    except Wrong:
        return ""
