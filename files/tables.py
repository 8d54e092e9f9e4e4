"""Tables for spreadsheets and programs, as CSV and XLSX.

Every text goes through one cell writer: what a spreadsheet would run as a formula becomes plain text, in every line of
the value.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO

from django.utils.timezone import localtime
from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | date | datetime | None
# What begins a formula, also full-width; a tabulator hides one from the eye.
FORMULA = re.compile(r"^(?=[=+\-@\t＝＋－＠﹢﹣﹦﹫])", re.MULTILINE)
LINE_END = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
LONGEST = 32_000
BYTE_ORDER_MARK = "\ufeff"
MOMENT, DAY = "yyyy-mm-dd hh:mm", "yyyy-mm-dd"


@dataclass(frozen=True)
class Column:
    """The head of a column and its width in characters."""

    head: str
    width: int = 14


@dataclass(frozen=True)
class Table:
    """What is written: rows as wide as the columns, read once; `notes` stand apart from them."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    notes: Sequence[str] = field(default_factory=tuple)


def plain(text: str) -> str:
    """The text as a cell holds it: no line of it begins a formula, and nothing that a file cannot hold."""
    lines = UNWRITABLE.sub("", LINE_END.sub("\n", text))[:LONGEST]
    return FORMULA.sub("'", lines)


def csv_lines(table: Table) -> Iterator[str]:
    """The table as CSV, piece by piece, with a mark by which spreadsheets know that it is UTF-8; notes come last."""
    yield BYTE_ORDER_MARK + _line([column.head for column in table.columns])
    for row in table.rows:
        yield _line([_word(cell) for cell in row])
    for note in table.notes:
        yield _line([plain(note)])


def xlsx(table: Table) -> bytes:
    """The table as one workbook: dates are dates, texts are texts; notes have a sheet of their own."""
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet(plain(table.title)[:31])
    sheet.freeze_panes = "A2"
    for position, column in enumerate(table.columns):
        sheet.column_dimensions[_letter(position)].width = column.width
    sheet.append([_head(sheet, column.head) for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    if table.notes:
        beside = book.create_sheet(gettext("Notes"))
        for note in table.notes:
            beside.append([_cell(beside, note)])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _line(cells: Sequence[str | int]) -> str:
    held = StringIO()
    csv.writer(held, quoting=csv.QUOTE_ALL).writerow(cells)
    return held.getvalue()


def _word(cell: Cell) -> str | int:
    match cell:
        case datetime():
            return f"{localtime(cell):%Y-%m-%d %H:%M}"
        case date():
            return f"{cell:%Y-%m-%d}"
        case None:
            return ""
        case str():
            return plain(cell)
    return cell


def _cell(sheet: WriteOnlyWorksheet, cell: Cell) -> object:
    """A text is written as a text whatever it looks like, so that numbers of phones and records stay whole."""
    if isinstance(cell, datetime):
        # A spreadsheet knows no zones: the reader's wall clock.
        return _formatted(sheet, localtime(cell).replace(tzinfo=None, second=0, microsecond=0), MOMENT)
    if isinstance(cell, date):
        return _formatted(sheet, cell, DAY)
    if isinstance(cell, str):
        return plain(cell)
    return cell


def _formatted(sheet: WriteOnlyWorksheet, value: date | datetime, number_format: str) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet, value)
    made.number_format = number_format
    return made


def _head(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet, plain(text))
    made.font = Font(bold=True)
    return made


def _letter(position: int) -> str:
    """The name of a column; a table here has no more than 26."""
    return chr(ord("A") + position)
