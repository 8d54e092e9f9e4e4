"""The workbook as the export of what stands: empty desks get it with samples alone."""

from __future__ import annotations

from typing import IO

from openpyxl import Workbook

from accounts.actors import Actor
from workbook.sheets import SHEETS
from workbook.writing.layout import Lists, begin, cell_of, explain, sample_row


def write_export(file: IO[bytes], actor: Actor) -> None:
    """Write everything that stands into `file`, row after row, so that little of it is in memory at a time."""
    book, lists = Workbook(write_only=True), Lists()
    explain(book)
    for sheet in SHEETS.values():
        made = begin(book, sheet, lists, problems=False)
        made.append(sample_row(made, sheet))
        for values in sheet.exported(actor):
            made.append([None, *(cell_of(made, column, values) for column in sheet.columns)])
    lists.write(book)
    book.save(file)
