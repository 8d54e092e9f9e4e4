"""One sheet as CSV, recognised by its headings."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import BinaryIO

from django.utils.translation import gettext as _

from workbook.cells import FORMULA, Cell
from workbook.reading.book import HEAD, MOST_ROWS, Book, Head, Page, RawRow, Unreadable, column_of, read_head
from workbook.sheets import SHEETS, Sheet

MARKS = (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = (",", "\t", ";")
MOST_BYTES = 24 * 1024 * 1024


def read_text(file: BinaryIO) -> Book:
    """The only sheet of the file; raises `Unreadable`."""
    lines = list(_lines(_decoded(file.read(MOST_BYTES + 1))))
    if not lines:
        raise Unreadable(_("The file is empty. Check it, then choose it again."))
    sheet = _recognised(lines[0][1])
    head = read_head(sheet, lines[0][1])
    rows = [row for row in (_row(head, number, line) for number, line in lines[1:]) if row is not None]
    flaws = {HEAD: head.flaws} if head.flaws else {}
    return Book([Page(sheet, head.letters(), lambda: iter(rows), len(rows), flaws)])


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than the desk reads. Split it into several."))
    for encoding in ("utf-16",) if content.startswith(MARKS) else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The file is neither UTF-8 nor GB18030 text. Save it as CSV and choose it again."))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        for number, line in enumerate(reader, 1):
            if number > MOST_ROWS:
                raise Unreadable(_("More than %(count)d rows. Split the file.") % {"count": MOST_ROWS})
            yield number, line
    except csv.Error as error:
        raise Unreadable(_("The file is no table. Save it as CSV and choose it again.")) from error


def _recognised(headings: list[str]) -> Sheet:
    """The sheet to which most of the headings belong, and all that it cannot do without."""
    counts = {sheet.key: len({column_of(sheet, each) for each in headings} - {""}) for sheet in SHEETS.values()}
    fits = [key for key in counts if _has_required(SHEETS[key], headings)]
    if not fits:
        raise Unreadable(_("These headings are those of no sheet. Copy the headings of the workbook."))
    return SHEETS[max(fits, key=lambda key: counts[key])]


def _has_required(sheet: Sheet, headings: list[str]) -> bool:
    found = {column_of(sheet, each) for each in headings}
    return {column.key for column in sheet.columns if column.required} <= found


def _row(head: Head, number: int, line: list[str]) -> RawRow | None:
    cells: list[Cell] = [FORMULA if text.startswith("=") else text for text in line]
    return head.row(number, cells)
