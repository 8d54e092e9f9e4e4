"""Which kinds of files are taken, told by their bytes; the name has to agree."""

from __future__ import annotations

import re
import struct
import zipfile
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

START = 4096
PIECE = 256 * 1024
MOST_PARTS = 2000
MOST_UNPACKED = 200 * 1024 * 1024
LARGEST_DIRECTORY = 512 * 1024
PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|!--|html|head|body|script|svg|\?xml|iframe)", re.IGNORECASE)
HEADER = re.compile(rb"^(From |[!-9;-~]+:[ \t])")
# All but tab, line feed, form feed, carriage return, and the escape of colours in logs.
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
ENCODINGS = ("utf-8", "gb18030")
ACTIVE_TYPES = {"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"}


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, and what tells that an open file is of it."""

    media_type: str
    fits: Callable[[BinaryIO], bool]


def begins(*signatures: bytes) -> Callable[[BinaryIO], bool]:
    """A file whose first bytes are one of these."""
    return lambda file: _start(file).startswith(signatures)


def is_text(file: BinaryIO) -> bool:
    """Plain text in UTF-8, UTF-16 with its mark, or GB18030, that no browser would take for a page."""
    start = _start(file)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(file, "utf-16")
    return not PAGE.match(start) and any(_decodes(file, encoding) for encoding in ENCODINGS)


def is_mail(file: BinaryIO) -> bool:
    """A message that begins with a header line."""
    start = _start(file)
    return b"\x00" not in start and bool(HEADER.match(start))


def is_office(main_part: str) -> Callable[[BinaryIO], bool]:
    """An Office document whose package holds `main_part`, without macros, and of a bounded unpacked size."""

    def fits(file: BinaryIO) -> bool:
        if not _start(file).startswith(b"PK\x03\x04") or not _directory_is_small(file):
            return False
        try:
            parts = zipfile.ZipFile(file).infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, struct.error):
            return False
        names = {part.filename for part in parts}
        return (
            {"[Content_Types].xml", main_part} <= names
            and not any(name.endswith("vbaProject.bin") for name in names)
            and len(parts) <= MOST_PARTS
            and sum(part.file_size for part in parts) <= MOST_UNPACKED
        )

    return fits


JPEG = Kind("image/jpeg", begins(b"\xff\xd8\xff"))
TIFF = Kind("image/tiff", begins(b"II*\x00", b"MM\x00*"))
OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": Kind("application/pdf", begins(b"%PDF-")),
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": Kind("image/png", begins(b"\x89PNG\r\n\x1a\n")),
    "gif": Kind("image/gif", begins(b"GIF87a", b"GIF89a")),
    "tif": TIFF,
    "tiff": TIFF,
    "txt": Kind("text/plain", is_text),
    "csv": Kind("text/csv", is_text),
    "docx": Kind(f"{OFFICE}wordprocessingml.document", is_office("word/document.xml")),
    "xlsx": Kind(f"{OFFICE}spreadsheetml.sheet", is_office("xl/workbook.xml")),
    "eml": Kind("message/rfc822", is_mail),
}


def _start(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read(START)


def _decodes(file: BinaryIO, encoding: str) -> bool:
    """Whether the whole file is text in this encoding, read piece by piece."""
    file.seek(0)
    try:
        return not any(CONTROLS.search(text) for text in _pieces(file, getincrementaldecoder(encoding)()))
    except UnicodeDecodeError:
        return False


def _pieces(file: BinaryIO, decoder: IncrementalDecoder) -> Iterator[str]:
    while piece := file.read(PIECE):
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _directory_is_small(file: BinaryIO) -> bool:
    """Look before `zipfile` does: it would read a central directory of any size into memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65557))
    end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22 or end[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
        return False
    return int(struct.unpack_from("<L", end, at + 12)[0]) <= LARGEST_DIRECTORY
