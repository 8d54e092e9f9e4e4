"""Names of files as people may see them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST = 120
LONGEST_ENDING = 10
# Control, format (zero width, direction), surrogate, unassigned; line and paragraph separators.
UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def clean_name(name: str) -> str:
    """The last part of a name, composed (NFC), without unseen characters, at most 120 long with its extension.

    What is invisible goes first, so that it can hide neither an extension nor a separator.
    """
    composed = unicodedata.normalize("NFC", name)
    seen = "".join(character for character in composed if unicodedata.category(character) not in UNSEEN)
    last = re.split(r"[/\\]", seen)[-1].strip(" .")
    if len(last) <= LONGEST:
        return last
    end = PurePosixPath(last).suffix[-LONGEST_ENDING:]
    return last[: LONGEST - len(end)] + end


def extension(name: str) -> str:
    """What follows the last dot, in lower case; empty without one."""
    return PurePosixPath(name).suffix.lstrip(".").lower()
