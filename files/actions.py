"""Taking files in, and taking away what uploads that never came to an end left behind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import BinaryIO

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.clock import now
from base.heartbeat import beat
from files import bucket, storage
from files.exceptions import FileRefused
from files.kinds import ACTIVE_TYPES, BY_CONTENT, KINDS, OFFICE_ENDINGS, Kind, by_content
from files.models import StoredFile
from files.names import clean_name, extension
from files.packages import is_active
from files.storage import PIECE, clear_incoming, contents, incoming, path_of, remove, take_in

log = structlog.get_logger(__name__)

NOT_TAKEN = gettext_lazy("This kind of file is not taken. Save it as PDF, picture, docx, xlsx, csv, txt or eml.")
EMPTY = gettext_lazy("The file is empty. Check it, then attach it again.")
# What is younger may belong to an upload that still runs.
LEFT_BEHIND = timedelta(days=1)
AT_ONCE = 256
# Names by which a system runs or shows a file as a page: not even with another ending behind them.
RUN_BY_NAME = {"html", "htm", "svg", "xml", "exe", "js", "zip", "com", "bat", "cmd", "scr", "vbs", "ps1", "lnk", "hta"}

# The digests of what `uploading` has put into the bucket for the action that runs.
_uploaded: ContextVar[frozenset[str]] = ContextVar("uploaded", default=frozenset())


@dataclass(frozen=True)
class Kept:
    """A stored content and the name, made harmless, under which it is kept and was `given` this time."""

    file: StoredFile
    name: str
    given: str


def keep(stream: BinaryIO, name: str, *, declared_type: str = "") -> Kept:
    """Check a file and keep it under the SHA-256 of its bytes; the same content twice is one row.

    Reads `stream` from its beginning, piece by piece, and stops at `settings.MAX_UPLOAD_BYTES`. The content is stored
    before others see the row; a transaction that calls this lies within `uploading`. A picture or PDF that is called
    otherwise gets the right ending, in place of that of another one; `given` says what it was called. Raises
    `FileRefused` if it is too large, empty, of a kind that is not taken, not what its name says, or carries macros or
    the like; then nothing is left of it. `declared_type` (the sender's claim) can only speak against a file.
    """
    name = given = clean_name(name)
    _refuse_active_type(declared_type)
    with incoming() as file:
        sha256, size = _copy(stream, file)
        kind, name = _kind(file, name)
        if bucket.is_used():
            _require_uploaded(file, sha256)
        with transaction.atomic():
            # The row first: until it is there for others, its key keeps `clear_uploads` away from the content.
            stored, _new = StoredFile.objects.get_or_create(
                sha256=sha256,
                defaults={"size": size, "media_type": kind.media_type, "first_name": name, "stored_at": now()},
            )
            if not bucket.is_used():
                take_in(file, sha256)
    return Kept(file=stored, name=name, given=given)


@contextmanager
def uploading(files: Iterable[tuple[BinaryIO, str]]) -> Iterator[None]:
    """Put these streams, each with its name, into the bucket, so that a transaction inside can `keep` them.

    Nothing goes over the network inside a transaction, so this comes around it. What the action refuses is left to
    `clear_uploads`. Raises StoreAway. Where attachments lie in a folder, nothing is to be done.
    """
    digests = set(_uploaded.get())
    for stream, name in files if bucket.is_used() else ():
        with suppress(FileRefused), incoming() as file:
            sha256, _size = _copy(stream, file)
            _kind(file, clean_name(name))
            if sha256 not in digests:
                bucket.put(file, sha256)
                digests.add(sha256)
    token = _uploaded.set(frozenset(digests))
    try:
        yield
    finally:
        _uploaded.reset(token)


def _require_uploaded(file: BinaryIO, sha256: str) -> None:
    if sha256 in _uploaded.get():
        return
    if connection.in_atomic_block:
        raise RuntimeError("A transaction would wait for the object store: open it within `uploading`.")
    bucket.put(file, sha256)


def media_type_of(stream: BinaryIO, name: str, *, declared_type: str = "") -> str:
    """As what kind `keep` would take this file, without keeping it; raises `FileRefused` as it does."""
    _refuse_active_type(declared_type)
    stream.seek(0)
    if not stream.read(1):
        raise _empty()
    kind, _name = _kind(stream, clean_name(name))
    return kind.media_type


def clear_uploads(at: datetime) -> int:
    """Remove what uploads that never came to an end left in the store a day or more before `at`; answers how many.

    That is unfinished files, and contents that no row names because their transaction was rolled back. Safe at any
    time, twice, and beside an upload of the same content. Where no row names any content, the store is not that of
    this database, and its contents stay. One look through the store, a statement for each of its 256 folders (of a
    bucket, for as many contents), and three for each content that goes.
    """
    before = at - LEFT_BEHIND
    removed = clear_incoming(before)
    if StoredFile.objects.exists() and bucket.is_used():
        removed += _clear_bucket(before)
    elif StoredFile.objects.exists():
        removed += sum(_remove(sha256, before) for some in contents(before) for sha256 in _unnamed(some))
    beat("uploads")
    return removed


def let_go(sha256: str, at: datetime) -> bool:
    """Remove a content once every row that refers to it has let go of it, unless it was handed in again within a day
    before `at`; answers whether it went. Its row stays, and what is handed in later is kept as at the first time."""
    place = bucket if bucket.is_used() else storage
    removed = StoredFile.objects.get(pk=sha256).is_let_go and place.let_go(sha256, at - LEFT_BEHIND)
    if removed:
        log.info("content_let_go", sha256=sha256)
    return removed


def _clear_bucket(before: datetime) -> int:
    """Remove old objects whose content no row names, and old ones beside a younger one of the same content.

    An upload always brings an object of its own, so no row that is still to come can mean one of these.
    """
    removed, contents = 0, bucket.contents()
    while some := list(islice(contents, AT_ONCE)):
        unnamed = _unnamed([copies[0].sha256 for copies in some])
        needless = (copy for copies in some for copy in copies[copies[0].sha256 not in unnamed :])
        removed += bucket.remove(copy for copy in needless if copy.at < before)
    return removed


def _unnamed(digests: list[str]) -> set[str]:
    return set(digests) - set(StoredFile.objects.filter(pk__in=digests).values_list("pk", flat=True))


def _remove(sha256: str, before: datetime) -> bool:
    """Remove a content unless a row has come to name it.

    Meanwhile its key is taken by a row that is never committed: an upload of the same content waits, then finds no
    content in the way of its own; and where one was first, this waits, then finds the key taken.
    """
    try:
        with transaction.atomic():
            StoredFile.objects.create(sha256=sha256, size=0, stored_at=before)
            removed = remove(path_of(sha256), before)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    if removed:
        log.info("upload_cleared", sha256=sha256)
    return removed


def _empty() -> FileRefused:
    return FileRefused(EMPTY, code="empty")


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
        return BY_CONTENT[right], clean_name(f"{_stem(name, ending)}.{right}")
    if kind is None:
        raise FileRefused(NOT_TAKEN, code="kind")
    raise FileRefused(
        _("The content of the file does not fit its name. Open it, save it in the format of its ending."),
        code="mislabelled",
    )


def _stem(name: str, ending: str) -> str:
    """The name without the ending that says another picture, or PDF, than it is."""
    return name[: -len(ending) - 1] if KINDS.get(ending) in BY_CONTENT.values() else name


def too_large() -> str:
    """The sentence for a file past the limit."""
    sentence = _("Files up to %(limit)d MB. Scan at 200 dpi in black and white, or split it.")
    return sentence % {"limit": settings.MAX_UPLOAD_BYTES // 1024**2}


def _copy(stream: BinaryIO, file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > settings.MAX_UPLOAD_BYTES:
            raise FileRefused(too_large(), code="too_large")
        digest.update(piece)
        file.write(piece)
    if not size:
        raise _empty()
    file.flush()
    return digest.hexdigest(), size
