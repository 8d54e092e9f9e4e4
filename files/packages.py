"""Office documents: zip packages, of which some hold more than text."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

MOST_PARTS = 2000
MOST_UNPACKED = 200 * 1024 * 1024
LARGEST_DIRECTORY = 512 * 1024
LARGEST_RELATIONSHIPS = 1024 * 1024
BROKEN = (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, struct.error, RuntimeError)
# Macros of every age, forms that run code, embedded objects; Office itself does not mind how they are spelt. The sheet
# behind a chart is a package without macros, and printer settings are a .bin: both are in ordinary documents.
ACTIVE_PART = re.compile(
    r"vbaproject|vbadata|(^|/)(activex|macrosheets|dialogsheets)(/|$)|(^|/)embeddings/(?!.*\.(xlsx|docx|pptx)$)"
)
# What may lie outside of the document: an address that somebody clicks, and nothing that Office fetches by itself.
FOLLOWED_BY_CLICK = "hyperlink"


class _Refused(Exception):
    pass


def parts_of(file: BinaryIO) -> set[str] | None:
    """The names in the package, as spelt; None if it is none, or too large unpacked."""
    if not _directory_is_small(file):
        return None
    try:
        parts = zipfile.ZipFile(file).infolist()
    except BROKEN:
        return None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        return None
    return {part.filename for part in parts}


def is_active(file: BinaryIO) -> bool:
    """Whether the package holds macros, controls or embedded objects, or makes Office fetch something from elsewhere.

    A package whose relationships cannot be read counts as one that does.
    """
    try:
        with zipfile.ZipFile(file) as package:
            names = [part.filename for part in package.infolist()]
            if any(ACTIVE_PART.search(name.replace("\\", "/").lower()) for name in names):
                return True
            described = [name for name in names if name.lower().endswith(".rels") or "content_types" in name.lower()]
            return any(_reaches_out(_text(package, name)) for name in described)
    except (*BROKEN, expat.ExpatError, _Refused):
        return True


def _text(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > LARGEST_RELATIONSHIPS:
        raise _Refused
    with package.open(name) as part:
        return part.read(LARGEST_RELATIONSHIPS + 1)


def _reaches_out(xml: bytes) -> bool:
    return any(
        "macroenabled" in attributes.get("contenttype", "").lower()
        or (
            attributes.get("targetmode", "").lower() == "external"
            and attributes.get("type", "").rpartition("/")[2].lower() != FOLLOWED_BY_CLICK
        )
        for attributes in _elements(xml)
    )


def _elements(xml: bytes) -> Iterator[dict[str, str]]:
    """The attributes of every element, their names in lower case; a document type, which could multiply text, is
    refused."""
    found: list[dict[str, str]] = []

    def refuse(*_declared: object) -> None:
        raise _Refused

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda _name, attributes: found.append(
        {name.lower(): value for name, value in attributes.items()}
    )
    parser.Parse(xml, True)
    yield from found


def _directory_is_small(file: BinaryIO) -> bool:
    """Look before `zipfile` does: it would read a central directory of any size into memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65557))
    end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22 or end[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
        return False
    return int(struct.unpack_from("<L", end, at + 12)[0]) <= LARGEST_DIRECTORY
