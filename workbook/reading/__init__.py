"""Reading what Excel and WPS write, and CSV."""

from __future__ import annotations

from typing import BinaryIO

from files.names import extension
from workbook.reading.book import SAMPLE, Book, Flaw, Page, RawRow, Unreadable, letter
from workbook.reading.excel import read_excel
from workbook.reading.text import read_text

__all__ = ["SAMPLE", "Book", "Flaw", "Page", "RawRow", "Unreadable", "letter", "read"]


def read(file: BinaryIO, name: str) -> Book:
    """The file as its ending says, which was checked when it was handed in; raises `Unreadable`."""
    return read_text(file) if extension(name) == "csv" else read_excel(file)
