"""Two people on one thing: what was saved meanwhile beside what was typed, as components/conflict.html shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Choice:
    """One field as components/diff.html shows it."""

    name: str
    label: str
    theirs: str | SafeString
    mine: str | SafeString
    same: bool = False
    chosen: str = "mine"


@dataclass(frozen=True)
class Conflict:
    """Who saved when, what to choose between, and everything that was typed, to be sent again on the new version.

    `meanwhile` are lines of a time line, `typed` the fields that only this person filled in, `files` the fields whose
    file has to be chosen once more. With `impossible` the step itself has become impossible; what was typed is shown
    for copying.
    """

    who: str
    at: datetime
    version: int
    rows: Sequence[Choice]
    hidden: Sequence[tuple[str, str]]
    typed: Sequence[Choice] = ()
    files: Sequence[str] = ()
    meanwhile: Sequence[Any] = ()
    impossible: Sequence[Any] = ()
