"""Taking files in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from config.clock import now
from files.exceptions import FileRefused
from files.kinds import ACTIVE_TYPES, KINDS, Kind
from files.models import StoredFile
from files.names import clean_name, extension
from files.storage import PIECE, incoming, take_in


@dataclass(frozen=True)
class Kept:
    """A stored content and the name, made harmless, under which it was handed in this time."""

    file: StoredFile
    name: str


def keep(stream: BinaryIO, name: str, *, declared_type: str = "") -> Kept:
    """Check a file and keep it under the SHA-256 of its bytes; the same content twice is one row.

    Reads `stream` from its beginning, piece by piece, and stops at `settings.MAX_UPLOAD_BYTES`. The content is on
    disk before the row is written. Raises `FileRefused` if it is too large, empty, of a kind that is not taken, or
    not what its name says; then nothing is left of it. `declared_type` (the sender's claim) can only speak against
    a file.
    """
    name = clean_name(name)
    kind = _kind_by_name(name, declared_type)
    with incoming() as file:
        sha256, size = _copy(stream, file)
        if not kind.fits(file):
            raise FileRefused(
                _("The content of the file does not fit its name. Open it, save it in the format of its ending."),
                code="mislabelled",
            )
        take_in(file, sha256)
    stored, _new = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={"size": size, "media_type": kind.media_type, "first_name": name, "stored_at": now()},
    )
    return Kept(file=stored, name=name)


def _kind_by_name(name: str, declared_type: str) -> Kind:
    kind = KINDS.get(extension(name))
    if kind is None or declared_type.partition(";")[0].strip().lower() in ACTIVE_TYPES:
        raise FileRefused(
            _("This kind of file is not taken. Save it as PDF, picture, docx, xlsx, csv, txt or eml."), code="kind"
        )
    return kind


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
        raise FileRefused(_("The file is empty. Check it, then attach it again."), code="empty")
    file.flush()
    return digest.hexdigest(), size
