"""How a try to deliver ended."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.models import Reason

LONGEST_DETAIL = 200


@dataclass(frozen=True)
class Sent:
    """The other side has taken it: 250 of a mail server, code 0 of a robot, 2xx of a webhook."""


@dataclass(frozen=True)
class Later:
    """It failed this time. `doubtful` if nobody knows whether it arrived all the same."""

    reason: Reason
    detail: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class Never:
    """It cannot be delivered this way, however often it is tried."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True)
class Busy:
    """The product asks to wait so many seconds; not a failure of the message."""

    seconds: int
    detail: str = ""


@dataclass(frozen=True)
class Untried:
    """The worker did not come to it within its lease."""


Outcome = Sent | Later | Never | Busy | Untried


def trimmed(words: object) -> str:
    """The other side's words on one short line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:LONGEST_DETAIL]
