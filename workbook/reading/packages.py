"""A look into the package before a spreadsheet's library does: how much it unpacks to, and what cells do not tell.

The library hands out cells alone in the mode that needs little memory: that rows are hidden, that cells are merged, and
where the last row with content stands, is read here, in one pass over each sheet and without building a tree. A
document type, by which little text multiplies, is refused, so that no parser after this one meets any.

How much a part may hold goes by what the package uses it as, never by its name: sheets are read row by row, the shared
texts are kept, and everything else becomes a tree.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from django.utils.translation import gettext as _

from workbook.reading.book import MOST_ROWS, Unreadable

PIECE = 256 * 1024
MOST_UNPACKED = 120 * 1024 * 1024
# The library keeps all shared texts in memory, and of each element at least what it is called.
MOST_TEXTS, MOST_TEXT_TAGS = 24 * 1024 * 1024, 1_000_000
# Of what becomes a tree, and of a row or what stands between rows.
MOST_OTHER, MOST_TAGS = 8 * 1024 * 1024, 100_000
MOST_FOUND = 100
# The last one that a spreadsheet has.
LAST_ROW = 1_048_576
CONTENT = ("v", "is", "f")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORMAT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# What the types of content and the relationships call sheets, shared texts, and other parts that are read.
SHEET = frozenset({f"{FORMAT}.worksheet+xml", f"{OFFICE}/worksheet"})
TEXTS = frozenset({f"{FORMAT}.sharedStrings+xml", f"{OFFICE}/sharedStrings"})
READ = ("+xml", "/worksheet", "/chartsheet", "/sharedStrings", "/styles", "/theme", "/drawing", "/chart")
PLAIN = ("xml", "rels")
TYPES, RELATIONS = "[Content_Types].xml", ".rels"
# Found by their names, whatever the package says of them.
BY_NAME = frozenset(
    {TYPES, "xl/workbook.xml", "xl/styles.xml", "xl/theme/theme1.xml", "docProps/core.xml", "docProps/custom.xml"}
)
ROW, ROW_DEPTH = f"{MAIN} row", 3
Uses = Mapping[str, set[str]]


@dataclass
class Look:
    """What one sheet has beside its cells: the last row with content, hidden rows with content, merged areas."""

    rows: int = 0
    last: int = 0
    hidden: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def refuse_unsafe(package: zipfile.ZipFile) -> None:
    """Raise `Unreadable` for a package that unpacks to too much, as a whole or in a part that is kept in memory, or in
    which some part declares a document type."""
    parts = package.infolist()
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _too_large()
    uses = _uses(package)
    for part in parts:
        if not _is_sheet(part.filename, uses) and _is_read(part.filename, uses):
            _read_through(package, part, uses)


def _uses(package: zipfile.ZipFile) -> Uses:
    """As what the package names each of its parts: in the types of content, and in every relationship."""
    uses: dict[str, set[str]] = defaultdict(set)
    for part in package.infolist():
        if part.filename == TYPES or part.filename.endswith(RELATIONS):
            _read_through(package, part, {}, uses)
    return uses


def _is_sheet(name: str, uses: Uses) -> bool:
    """Whether a part is used as a sheet alone; it is looked at when it is read."""
    return name not in BY_NAME and bool(uses.get(name)) and uses[name] <= SHEET


def _is_read(name: str, uses: Uses) -> bool:
    return name in BY_NAME or name.lower().endswith(PLAIN) or any(use.endswith(READ) for use in uses.get(name, ()))


def _read_through(
    package: zipfile.ZipFile, part: zipfile.ZipInfo, uses: Uses, told: dict[str, set[str]] | None = None
) -> None:
    """Refuse a part that holds too much for what it is used as; `told` takes what it says of others."""
    found = uses.get(part.filename, set())
    shared = part.filename not in BY_NAME and bool(found) and found <= TEXTS
    if part.file_size > (MOST_TEXTS if shared else MOST_OTHER):
        raise _too_large()
    count = _Count(MOST_TEXT_TAGS if shared else MOST_TAGS, part.filename, told)
    reader = expat.ParserCreate()
    reader.StartElementHandler = count.begins
    with package.open(part) as file:
        _parse(file, reader)


class _Count:
    """Counts elements, and notes which parts those of `name` name, as the library finds them."""

    def __init__(self, most: int, name: str, told: dict[str, set[str]] | None) -> None:
        self.left, self.told = most, told
        self.folder = None if name == TYPES else posixpath.dirname(posixpath.dirname(name))

    def begins(self, _tag: str, attributes: dict[str, str]) -> None:
        self.left -= 1
        if self.left < 0:
            raise _too_large()
        if self.told is None:
            return
        # An attribute of another namespace might be taken for one of these: such an element names no sheet or text.
        plain = not any(":" in name for name in attributes)
        use = attributes.get("ContentType", "") + attributes.get("Type", "") if plain else "other+xml"
        for value in attributes.values():
            self.told[self._named(value)].add(use)

    def _named(self, value: str) -> str:
        if self.folder is None or value.startswith("/"):
            return value[1:]
        return posixpath.normpath(posixpath.join(self.folder, value))


def look_at(package: zipfile.ZipFile, path: str) -> Look:
    """One pass over the sheet that lies there."""
    look, reader = Look(), expat.ParserCreate(namespace_separator=" ")
    watch = _Watch(look)
    reader.StartElementHandler = watch.begins
    reader.EndElementHandler = watch.ends
    with package.open(path) as file:
        _parse(file, reader)
    return look


class _Watch:
    """Follows rows and cells as they go by. Only a row of the sheet is let go of once it was read: what else stands
    there counts."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.number, self.hidden, self.filled = 0, False, False
        self.depth, self.tags = 0, 0

    def begins(self, tag: str, attributes: dict[str, str]) -> None:
        self._count(tag)
        name = tag.rpartition(" ")[2]
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

    def _count(self, tag: str) -> None:
        self.depth += 1
        self.tags = 1 if tag == ROW and self.depth == ROW_DEPTH else self.tags + 1
        if self.tags > MOST_TAGS:
            raise _too_large()

    def ends(self, tag: str) -> None:
        self.depth -= 1
        if tag.rpartition(" ")[2] != "row" or not self.filled:
            return
        self.look.rows += 1
        self.look.last = self.number
        if self.hidden and len(self.look.hidden) < MOST_FOUND:
            self.look.hidden.append(self.number)
        if self.look.rows > MOST_ROWS:
            raise Unreadable(_("More than %(count)d rows. Split the file.") % {"count": MOST_ROWS})


def _too_large() -> Unreadable:
    return Unreadable(_("The file unpacks to more than the desk reads. Split it into several."))


def _parse(file: IO[bytes], reader: expat.XMLParserType) -> None:
    def refuse(*_declared: object) -> None:
        raise Unreadable(_("The file declares a document type, which no spreadsheet writes. Save it anew as .xlsx."))

    reader.StartDoctypeDeclHandler = refuse
    while piece := file.read(PIECE):
        reader.Parse(piece, False)
    reader.Parse(b"", True)
