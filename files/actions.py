"""Taking files in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.clock import now
from files.exceptions import FileRefused
from files.kinds import ACTIVE_TYPES, BY_CONTENT, KINDS, OFFICE_ENDINGS, Kind, by_content
from files.models import StoredFile
from files.names import clean_name, extension
from files.packages import is_active
from files.storage import PIECE, incoming, take_in

NOT_TAKEN = gettext_lazy("This kind of file is not taken. Save it as PDF, picture, docx, xlsx, csv, txt or eml.")
# Names by which a system runs or shows a file as a page: not even with another ending behind them.
RUN_BY_NAME = {"html", "htm", "svg", "xml", "exe", "js", "zip", "com", "bat", "cmd", "scr", "vbs", "ps1", "lnk", "hta"}


@dataclass(frozen=True)
class Kept:
    """A stored content and the name, made harmless, under which it was handed in this time."""

    file: StoredFile
    name: str


def keep(stream: BinaryIO, name: str, *, declared_type: str = "") -> Kept:
    """Check a file and keep it under the SHA-256 of its bytes; the same content twice is one row.

    Reads `stream` from its beginning, piece by piece, and stops at `settings.MAX_UPLOAD_BYTES`. The content is on
    disk before the row is written. A picture or PDF that is called otherwise keeps its name with the right ending
    behind it. Raises `FileRefused` if it is too large, empty, of a kind that is not taken, not what its name says, or
    carries macros or the like; then nothing is left of it. `declared_type` (the sender's claim) can only speak against
    a file.
    """
    name = clean_name(name)
    _refuse_active_type(declared_type)
    with incoming() as file:
        sha256, size = _copy(stream, file)
        kind, name = _kind(file, name)
        take_in(file, sha256)
    stored, _new = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={"size": size, "media_type": kind.media_type, "first_name": name, "stored_at": now()},
    )
    return Kept(file=stored, name=name)


def media_type_of(stream: BinaryIO, name: str, *, declared_type: str = "") -> str:
    """As what kind `keep` would take this file, without keeping it; raises `FileRefused` as it does."""
    _refuse_active_type(declared_type)
    stream.seek(0)
    if not stream.read(1):
        raise _empty()
    kind, _name = _kind(stream, clean_name(name))
    return kind.media_type


def _empty() -> FileRefused:
    return FileRefused(_("The file is empty. Check it, then attach it again."), code="empty")


def _refuse_active_type(declared_type: str) -> None:
    if declared_type.partition(";")[0].strip().lower() in ACTIVE_TYPES:
        raise FileRefused(NOT_TAKEN, code="kind")


def _kind(file: BinaryIO, name: str) -> tuple[Kind, str]:
    """What the file is, and the name that says so."""
    ending = extension(name)
    kind = KINDS.get(ending)
    if kind is not None and kind.fits(file):
        if ending in OFFICE_ENDINGS and is_active(file):
            raise FileRefused(
                _("The document carries macros, embedded objects or a template from elsewhere. Save it as PDF."),
                code="active",
            )
        return kind, name
    if name.strip(".") and ending not in RUN_BY_NAME and (right := by_content(file)):
        return BY_CONTENT[right], clean_name(f"{name}.{right}")
    if kind is None:
        raise FileRefused(NOT_TAKEN, code="kind")
    raise FileRefused(
        _("The content of the file does not fit its name. Open it, save it in the format of its ending."),
        code="mislabelled",
    )


def _copy(stream: BinaryIO, file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > settings.MAX_UPLOAD_BYTES:
            limit = settings.MAX_UPLOAD_BYTES // 1024**2
            sentence = _("Files up to %(limit)d MB. Scan at 200 dpi in black and white, or split it.")
            raise FileRefused(sentence % {"limit": limit}, code="too_large")
        digest.update(piece)
        file.write(piece)
    if not size:
        raise _empty()
    file.flush()
    return digest.hexdigest(), size
