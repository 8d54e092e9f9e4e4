"""Which kinds of files are taken, told by their bytes; the name has to agree."""

from __future__ import annotations

import re
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from files.packages import parts_of

START = 4096
PIECE = 256 * 1024
# Readers look for the beginning of a PDF so far into the file.
PDF_START = 1024
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
    """An Office document whose package holds `main_part`, of a bounded unpacked size."""

    def fits(file: BinaryIO) -> bool:
        parts = parts_of(file) if _start(file).startswith(b"PK\x03\x04") else None
        return parts is not None and {"[Content_Types].xml", main_part} <= parts

    return fits


def is_pdf(file: BinaryIO) -> bool:
    """A PDF, before whose first line a mark, line ends or the head of a mail may stand, as readers allow."""
    start = _start(file)[:PDF_START]
    return b"%PDF-" in start and not PAGE.match(start) and not start.startswith(b"MZ")


def is_heif(file: BinaryIO) -> bool:
    """A picture as telephones take it."""
    start = _start(file)
    return start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


PDF = Kind("application/pdf", is_pdf)
PNG = Kind("image/png", begins(b"\x89PNG\r\n\x1a\n"))
GIF = Kind("image/gif", begins(b"GIF87a", b"GIF89a"))
JPEG = Kind("image/jpeg", begins(b"\xff\xd8\xff"))
HEIF = Kind("image/heic", is_heif)
TIFF = Kind("image/tiff", begins(b"II*\x00", b"MM\x00*"))
MAIL = Kind("message/rfc822", is_mail)
OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "jfif": JPEG,
    "jpe": JPEG,
    "png": PNG,
    "gif": GIF,
    "heic": HEIF,
    "heif": HEIF,
    "tif": TIFF,
    "tiff": TIFF,
    "txt": Kind("text/plain", is_text),
    "csv": Kind("text/csv", is_text),
    "docx": Kind(f"{OFFICE}wordprocessingml.document", is_office("word/document.xml")),
    "xlsx": Kind(f"{OFFICE}spreadsheetml.sheet", is_office("xl/workbook.xml")),
    "eml": MAIL,
}
# Told by their bytes alone, whatever they are called; each with the ending that it gets then.
BY_CONTENT = {"pdf": PDF, "jpg": JPEG, "png": PNG, "gif": GIF, "tif": TIFF, "heic": HEIF}
OFFICE_ENDINGS = {"docx", "xlsx"}


def by_content(file: BinaryIO) -> str:
    """The ending that fits a picture or PDF; empty for anything else."""
    return next((ending for ending, kind in BY_CONTENT.items() if kind.fits(file)), "")


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
