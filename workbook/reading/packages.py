"""A look into the package before a spreadsheet's library does: how much it unpacks to, and what cells do not tell.

The library hands out cells alone in the mode that needs little memory: that rows are hidden, that cells are merged, and
where the last row with content stands, is read here, in one pass over each sheet and without building a tree. A
document type, by which little text multiplies, is refused, so that no parser after this one meets any.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from workbook.reading.book import MOST_ROWS, Unreadable

PIECE = 256 * 1024
MOST_UNPACKED = 120 * 1024 * 1024
# The library keeps all shared texts in memory.
MOST_TEXTS = 24 * 1024 * 1024
MOST_FOUND = 100
# The last one that a spreadsheet has.
LAST_ROW = 1_048_576
CONTENT = ("v", "is", "f")
PLAIN = ("xml", "rels")


@dataclass
class Look:
    """What one sheet has beside its cells: the last row with content, hidden rows with content, merged areas."""

    rows: int = 0
    last: int = 0
    hidden: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def refuse_unsafe(package: zipfile.ZipFile) -> None:
    """Raise `Unreadable` for a package that unpacks to too much, or in which some part declares a document type."""
    parts = package.infolist()
    texts = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    if sum(part.file_size for part in parts) > MOST_UNPACKED or texts > MOST_TEXTS:
        raise Unreadable(_("The file unpacks to more than the desk reads. Split it into several."))
    for part in parts:
        if part.filename.lower().endswith(PLAIN) and "/worksheets/sheet" not in part.filename.lower():
            with package.open(part) as file:
                _parse(file, expat.ParserCreate())


def look_at(package: zipfile.ZipFile, path: str) -> Look:
    """One pass over the sheet that lies there."""
    look, reader = Look(), expat.ParserCreate()
    watch = _Watch(look)
    reader.StartElementHandler = watch.begins
    reader.EndElementHandler = watch.ends
    with package.open(path) as file:
        _parse(file, reader)
    return look


class _Watch:
    """Follows rows and cells as they go by."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.number, self.hidden, self.filled = 0, False, False

    def begins(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            given = attributes.get("r", "")
            number = int(given[:9]) if given.isdecimal() else self.number + 1
            if not self.number < number <= LAST_ROW:
                raise Unreadable(_("The rows of a sheet are not in their order. Save the file anew as .xlsx."))
            self.number = number
            self.hidden, self.filled = attributes.get("hidden") in ("1", "true"), False
        elif name in CONTENT:
            self.filled = True
        elif name == "mergeCell" and len(self.look.merged) < MOST_FOUND:
            self.look.merged.append(attributes.get("ref", ""))

    def ends(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "row" or not self.filled:
            return
        self.look.rows += 1
        self.look.last = self.number
        if self.hidden and len(self.look.hidden) < MOST_FOUND:
            self.look.hidden.append(self.number)
        if self.look.rows > MOST_ROWS:
            raise Unreadable(_("More than %(count)d rows. Split the file.") % {"count": MOST_ROWS})


def _parse(file: IO[bytes], reader: expat.XMLParserType) -> None:
    def refuse(*_declared: object) -> None:
        raise Unreadable(_("The file declares a document type, which no spreadsheet writes. Save it anew as .xlsx."))

    reader.StartDoctypeDeclHandler = refuse
    while piece := file.read(PIECE):
        reader.Parse(piece, False)
    reader.Parse(b"", True)
