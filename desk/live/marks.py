"""What a page knew when it was made, sealed into a text that the page hands back and that only the desk reads.

A page learns from it neither how much is written in the firm nor what changed: to whoever holds it, it is noise, and
another noise each time.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.requests import DeskRequest, once_a_request
from base.clock import now
from desk.live.queries import Newest, newest

# What no entry tells of (a customer who has to hear something again, a commit that came late) is seen after this time.
LONGEST = timedelta(minutes=15)
# Keys are kept by their remainder, two bytes each: that two of them meet costs one look too many.
SHORT = 65_521


@dataclass(frozen=True)
class Mark:
    """What was newest, for whom the page is, and what it shows: one record, or the keys of its lines (`shown`).

    `until` is the moment at which it has to be made again though nothing happened; `present` is who else had the record
    open.
    """

    user: int
    newest: Newest
    # A digest of the session that it was made for.
    session: str = ""
    record: int = 0
    shown: str = ""
    until: float = 0
    present: str = ""

    def shows_any(self, keys: Iterable[int]) -> bool:
        """Whether the page has a line about one of these records; now and then also where it has none."""
        shown = {self.shown[at : at + 4] for at in range(0, len(self.shown), 4)}
        return any(_short(key) in shown for key in keys)

    @property
    def is_over(self) -> bool:
        return now().timestamp() >= self.until

    def sealed(self) -> str:
        """As text for the page."""
        return _seal().encrypt(json.dumps(asdict(self), separators=(",", ":")).encode()).decode()


def opened(text: str) -> Mark | None:
    """The mark that a page sent back; None for what this desk has not sealed."""
    try:
        values: dict[str, Any] = json.loads(_seal().decrypt(text.encode()))
        return Mark(**{**values, "newest": Newest(**values["newest"])})
    except (InvalidToken, ValueError, TypeError, KeyError):
        return None


def digest(session: str) -> str:
    """A session key as a mark holds it."""
    return sha256(session.encode()).hexdigest()


def session_of(request: HttpRequest) -> str:
    """The digest of the session of this request."""
    return digest(request.session.session_key or "")


@lru_cache(maxsize=1)
def _seal() -> Fernet:
    key = salted_hmac("desk.live.marks", "", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(key))


@once_a_request
def newest_of_request(request: DeskRequest) -> Newest:
    """Read before what the page shows, so that what happens in between is noticed as well."""
    assert isinstance(request.user, User)
    return newest(request.user.pk)


def watch(
    request: DeskRequest, *, record: int = 0, shown: Iterable[int] = (), moments: Iterable[datetime | None] = ()
) -> None:
    """Say what the page shows that is being made, and the moments at which its order changes by itself."""
    at = now()
    until = min([at + LONGEST, *(moment for moment in moments if moment is not None and moment > at)])
    keys = "".join(sorted(set(map(_short, shown))))
    vars(request)["_watched"] = replace(_fresh(request), record=record, shown=keys, until=until.timestamp())


def mark_of(request: DeskRequest) -> str:
    """What the page of this request hands back at its next question."""
    found: Mark = vars(request).get("_watched") or _fresh(request)
    return found.sealed()


def _short(key: int) -> str:
    return f"{key % SHORT:04x}"


def _fresh(request: DeskRequest) -> Mark:
    assert isinstance(request.user, User)
    until = (now() + LONGEST).timestamp()
    return Mark(request.user.pk, newest_of_request(request), session_of(request), until=until)
