"""Workbooks as Excel and WPS write them."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from base.text import fold
from workbook.cells import FORMULA, Cell
from workbook.reading.book import HEAD, Book, Flaw, Head, Page, RawRow, Unreadable, read_head
from workbook.reading.packages import Look, look_at, refuse_unsafe
from workbook.sheets import SHEETS, Sheet
from workbook.words import in_both

# Sheets of the workbook that hold no rows: what it is, and what the drop-downs offer. WPS hides some of its own.
BESIDE = frozenset({fold("说明"), fold("Read me"), "lists"})
# What the library raises on parts that are missing or are not what they should be.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, InvalidFileException, expat.ExpatError, OSError, EOFError, SyntaxError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError),
)
WIDEST = 60


def read_excel(file: BinaryIO) -> Book:
    """The sheets of the workbook, found by their names in either language; raises `Unreadable`.

    Rows are read one after the other, as often as they are asked for, while `file` is open.
    """
    try:
        with warnings.catch_warnings():
            # It warns of drop-downs that it does not keep; nothing is kept here.
            warnings.simplefilter("ignore")
            return _read(file)
    except BROKEN as error:
        raise Unreadable(_("The file is damaged. Open it, save it anew as .xlsx, and choose it again.")) from error


def _read(file: BinaryIO) -> Book:
    package = zipfile.ZipFile(file)
    refuse_unsafe(package)
    book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    known = {name: sheet for sheet in SHEETS.values() for name in in_both(sheet.title)}
    pages: dict[str, Page] = {}
    flaws: list[Flaw] = []
    for name in book.sheetnames:
        sheet = known.get(fold(name))
        if sheet is not None:
            page = _page(sheet, book[name], package)
            pages |= {sheet.key: page} if page is not None else {}
        elif fold(name) not in BESIDE and book[name].sheet_state == "visible":
            flaws.append(Flaw(name, _wrong_name()))
    if not pages and not flaws:
        raise Unreadable(_("Nothing stands on any sheet of the workbook. Fill it in, then choose it again."))
    return Book([pages[key] for key in SHEETS if key in pages], flaws)


def _page(sheet: Sheet, found: Any, package: zipfile.ZipFile) -> Page | None:
    """The sheet as the plan takes it; None where nothing stands on it at all."""
    # A size that the file claims is not believed: WPS writes wrong ones.
    found.reset_dimensions()
    look = look_at(package, found._worksheet_path)
    if not look.rows:
        return None
    head = read_head(sheet, next(_cells(found, HEAD, HEAD), (HEAD, ()))[1])
    flaws = _flaws(look, head, hidden=found.sheet_state != "visible")
    return Page(sheet, head.letters(), lambda: _rows(found, look, head), look.rows, flaws)


def _rows(found: Any, look: Look, head: Head) -> Iterator[RawRow]:
    for number, cells in _cells(found, HEAD + 1, look.last):
        row = head.row(number, cells)
        if row is not None:
            yield row


def _cells(found: Any, first: int, last: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    if last < first:
        return
    for number, row in enumerate(found.iter_rows(first, last, max_col=WIDEST), first):
        yield number, [_value(cell) for cell in row]


def _value(cell: Any) -> Cell:
    if cell.data_type == "f":
        return FORMULA
    return cell.value


def _flaws(look: Look, head: Head, *, hidden: bool) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    found[HEAD] += head.flaws
    if hidden:
        found[HEAD].append(_("This sheet is hidden. Show it, so that nothing is entered unseen."))
    for area in look.merged:
        number = int("".join(sign for sign in area.partition(":")[0] if sign.isdecimal()) or HEAD)
        found[number].append(_("The cells %(area)s are merged. Split them, and fill each.") % {"area": area})
    for number in look.hidden:
        found[number].append(_("This row is hidden. Show it or delete it."))
    return {number: sentences for number, sentences in found.items() if sentences}


def _wrong_name() -> str:
    names = _(", ").join(str(sheet.title) for sheet in SHEETS.values())
    return _("No sheet of the workbook is called so. Name it after one of these, or delete it: %(names)s.") % {
        "names": names
    }
