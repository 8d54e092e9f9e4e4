"""The file that was handed in, with the cells that are wrong coloured and a sentence for each in a column 问题."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from workbook.cells import Wrong, text_of
from workbook.planning import Mends
from workbook.reading import Book, Page, RawRow
from workbook.sheets import Sheet
from workbook.writing.layout import Lists, begin, explain, sample_row, typed_cell

Mistakes = Mapping[int, Sequence[tuple[str, str]]]


def write_marked(file: IO[bytes], book: Book, mends: Mends, mistakes: Mapping[str, Mistakes]) -> None:
    """Write the rows of `book`, mended as far as they are; `mistakes` by sheet and row: column and sentence.

    Each row keeps its number, so that the page and the file speak of the same.
    """
    made, lists = Workbook(write_only=True), Lists()
    explain(made)
    for page in book.pages:
        key = page.sheet.key
        _page(made, page, lists, mends.get(key, {}), mistakes.get(key, {}))
    lists.write(made)
    made.save(file)


def _page(book: Workbook, page: Page, lists: Lists, mends: Mapping[str, Mapping[str, str]], mistakes: Mistakes) -> None:
    sheet = begin(book, page.sheet, lists, problems=True)
    written = 1
    for raw in page.rows():
        while written < raw.number - 1:
            written += 1
            sheet.append(sample_row(sheet, page.sheet) if written == 2 else [])
        written += 1
        found = mistakes.get(raw.number, ())
        sheet.append(list(_cells(sheet, page.sheet, raw, mends.get(str(raw.number), {}), found)))


def _cells(
    made: WriteOnlyWorksheet, sheet: Sheet, raw: RawRow, mended: Mapping[str, str], found: Sequence[tuple[str, str]]
) -> Iterator[WriteOnlyCell | None]:
    wrong = {column for column, _sentence in found}
    yield None
    for column in sheet.columns:
        typed = mended.get(column.key, _typed(raw.cells.get(column.key)))
        yield typed_cell(made, typed, wrong=column.key in wrong)
    if found:
        yield typed_cell(made, "\n".join(told(sheet, column, sentence) for column, sentence in found), wrong=True)


def told(sheet: Sheet, column: str, sentence: str) -> str:
    """A mistake with the heading of its column."""
    return f"{sheet.column(column).heading}{pgettext('label', ': ')}{sentence}" if column else sentence


def _typed(cell: object) -> str:
    try:
        return text_of(cell)
    except Wrong:
        return ""
