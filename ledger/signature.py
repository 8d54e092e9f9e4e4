"""Who stands behind an entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Signature:
    """The real person, or the system, that does something, and on whose behalf.

    `key` names the actor for good ("staff:5", "contact:3", "system"); the names are those of the moment.
    `via` is the way in when it is not the portal ("api", "mail", "tracking").
    """

    kind: Literal["staff", "contact", "system"]
    key: str
    name: str
    role: str = ""
    on_behalf_of: str = ""
    on_behalf_of_name: str = ""
    via: str = ""
