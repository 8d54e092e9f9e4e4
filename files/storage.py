"""Where contents lie: in MEDIA_ROOT, under the digest of their bytes, outside every served folder; or in a bucket."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from files import bucket
from files.exceptions import FileRefused

PIECE = 256 * 1024
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def path_of(sha256: str) -> Path:
    """Where the content with that digest lies, or would lie; 256 folders, so that none grows too large to list."""
    return path_in(Path(settings.MEDIA_ROOT), sha256)


def path_in(folder: Path, sha256: str) -> Path:
    """The same in another folder."""
    return folder / sha256[:2] / sha256


def opened(sha256: str) -> BinaryIO:
    """A content, open for reading from its beginning, from the folder or the bucket; raises OSError where it is gone,
    and StoreAway. Not inside a transaction."""
    return bucket.fetch(sha256) if bucket.is_used() else path_of(sha256).open("rb")


def digest_of(file: BinaryIO) -> str:
    """SHA-256 of an open file from its beginning, read piece by piece; leaves it at the beginning."""
    file.seek(0)
    found = hashlib.sha256()
    while piece := file.read(PIECE):
        found.update(piece)
    file.seek(0)
    return found.hexdigest()


@contextmanager
def incoming() -> Iterator[BinaryIO]:
    """A temporary file on the same disk as the store, gone at the end unless it was taken in.

    A full disk inside the block becomes a `FileRefused`; nothing of the file is left.
    """
    path = _incoming_folder() / secrets.token_hex(16)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x+b") as file:
            yield file
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise FileRefused(
            _("The disk is full, so the file was not stored. Tell the administrator, then attach it again."),
            code="no_room",
        ) from error
    finally:
        path.unlink(missing_ok=True)


def take_in(file: BinaryIO, sha256: str) -> None:
    """Give a complete temporary file its place; a content that is there already is never overwritten, and is
    marked by its time of change as handed in again, so that `let_go` leaves it."""
    file.flush()
    os.fsync(file.fileno())
    os.fchmod(file.fileno(), 0o440)
    place = path_of(sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    while not _linked(str(file.name), place):
        try:
            os.utime(place)
            return
        except FileNotFoundError:
            continue
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def let_go(sha256: str, before: datetime) -> bool:
    """Remove a content that nobody has handed in since that moment; answers whether it was there and went.

    It is put aside first: who hands it in meanwhile either finds it gone and brings it anew, or has marked it before.
    """
    place, aside = path_of(sha256), _incoming_folder() / secrets.token_hex(16)
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        place.rename(aside)
    except FileNotFoundError:
        return False
    old = aside.stat().st_mtime < before.timestamp()
    if not old:
        _linked(str(aside), place)
    aside.unlink(missing_ok=True)
    return old


def clear_incoming(before: datetime) -> int:
    """Remove the temporary files of before that moment, which killed processes left behind; answers how many."""
    return sum(remove(path, before) for path in _incoming_folder().glob("*"))


def contents(before: datetime) -> Iterator[list[str]]:
    """The digests of what was taken in before that moment, a folder at a time."""
    for folder in Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]"):
        yield [path.name for path in folder.glob("?" * 64) if _is_older(path, before)]


def remove(path: Path, before: datetime) -> bool:
    """Remove a file of before that moment; answers whether it was there."""
    if not _is_older(path, before):
        return False
    path.unlink(missing_ok=True)
    return True


def _linked(name: str, place: Path) -> bool:
    """Whether the file got that place, which is so unless there is one already."""
    try:
        os.link(name, place)
    except FileExistsError:
        return False
    return True


def _is_older(path: Path, before: datetime) -> bool:
    """Told by when the file got its place: what is put back from a backup keeps the time of its last change."""
    try:
        return path.stat().st_ctime < before.timestamp()
    except FileNotFoundError:
        return False


def _incoming_folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "incoming"
