"""Messages of a desk that nothing may leave: a file each, for the page that shows them."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from notifications.models import Notification
from notifications.outcomes import Outcome, Sent


def store(row: Notification, content: bytes, ending: str) -> Outcome:
    """Write the message into a file of its own name: a repeat writes the same file again."""
    path = path_of(row, ending)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)
    return Sent()


def stored_message(row: Notification) -> bytes:
    """What was written of it; empty if there is nothing."""
    found = [path for ending in ("eml", "json") if (path := path_of(row, ending)).exists()]
    return found[0].read_bytes() if found else b""


def path_of(row: Notification, ending: str) -> Path:
    """The file of a message."""
    return Path(settings.VAR_DIR) / "outbox" / f"{row.message_id.partition('@')[0]}.{ending}"
