"""Whether the desk can still keep what people send it."""

from __future__ import annotations

import errno
import shutil
import sys
import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, OperationalError, transaction

from base.heartbeat import beat

# Looked at so often: a full disk shows within that time, and asking again and again costs nothing.
EVERY = 10
# A request that could not write makes the desk unwell for so long.
REMEMBERED = 60
LEAST_FREE = 64 * 1024 * 1024
ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# What SQLite and PostgreSQL call it.
FULL = {"SQLITE_FULL", "53100"}
_failed_at = -float(REMEMBERED)


def note_failed_request(**kwargs: object) -> None:
    """Django's signal for an exception that no view handled."""
    global _failed_at
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError) or (isinstance(error, OSError) and error.errno in ERRORS):
        _failed_at = time.monotonic()


def is_full(error: BaseException | None) -> bool:
    """Whether a full disk is behind it, that of the database or another."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        if FULL & {getattr(error, name, None) for name in ("sqlite_errorname", "pgcode")}:
            return True
        error = error.__cause__
    return False


def all_well() -> dict[str, bool]:
    """Whether a write has just succeeded and none has failed of late; whether there is room for more."""
    at = time.monotonic()
    return {"writes": at - _failed_at >= REMEMBERED and _tried(int(at // EVERY)), "room": _has_room(int(at // EVERY))}


@lru_cache(maxsize=1)
def _tried(turn: int) -> bool:
    try:
        with transaction.atomic():
            beat("health")
    except DatabaseError:
        return False
    return True


@lru_cache(maxsize=1)
def _has_room(turn: int) -> bool:
    """On the disks of the data folder, with an embedded database, and of the attachments."""
    folders = [Path(folder) for folder in (settings.VAR_DIR, settings.MEDIA_ROOT)]
    return all(shutil.disk_usage(folder).free >= LEAST_FREE for folder in folders if folder.is_dir())
