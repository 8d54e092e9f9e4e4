"""What every product has in common."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from notifications.http import Reply
from notifications.models import Reason
from notifications.outcomes import Busy, Later, Never, Outcome, trimmed
from notifications.pacing import Limits


class WrongAddress(Exception):
    """The pasted address is not one that this product gives out."""


@dataclass(frozen=True)
class Push:
    """All that may stand in a push: number, level, time left and the link; nothing of a customer (domain.md 7).

    `lines` are the words in the reader's language; `facts` the same for programs. `delivery_id` stays the same on
    every retry.
    """

    delivery_id: str
    title: str
    lines: tuple[str, ...]
    link: str
    link_words: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A POST, ready to go."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json; charset=utf-8"})


@dataclass(frozen=True)
class Product:
    """`key_of` takes the key out of a pasted address and raises `WrongAddress`; `call` writes the message;
    `outcome` reads the answer; `limits` are the product's own, with a little room."""

    host: str
    key_of: Callable[[str], str]
    call: Callable[[str, str, Push, datetime], Call]
    outcome: Callable[[Reply], Outcome]
    limits: Limits
    avoids_full_hours: bool = False


def encoded(content: object) -> bytes:
    """JSON as the products want it: UTF-8, no escapes."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def key_in(url: str, host: str, pattern: str) -> str:
    """The key in an address of that host whose path and query match `pattern` (group `key`); or the bare key."""
    text = url.strip()
    if re.fullmatch(r"[\w-]{8,200}", text):
        return text
    try:
        parts = urlsplit(text)
        if parts.scheme != "https" or parts.netloc != host:
            raise WrongAddress
    except ValueError as error:
        raise WrongAddress from error
    found = re.fullmatch(pattern, parts.path + (f"?{parts.query}" if parts.query else ""))
    if found is None:
        raise WrongAddress
    return found["key"]


def code_outcome(reply: Reply, *names: str, never: frozenset[int], busy: Mapping[int, int]) -> Outcome | None:
    """What the code in the answer, under the first of these names, says; None for code 0, the only one that means
    delivered. HTTP 200 alone is none.
    """
    if reply.status == 429:
        return Busy(reply.retry_after or 60)
    if reply.status != 200:
        return status_outcome(reply)
    try:
        answer = json.loads(reply.body)
        code = next(answer[name] for name in names if name in answer)
    except (ValueError, KeyError, TypeError, StopIteration):
        return Later(Reason.ODD_ANSWER, trimmed(reply.body), doubtful=True)
    if type(code) is not int:
        return Later(Reason.ODD_ANSWER, trimmed(reply.body), doubtful=True)
    if code == 0:
        return None
    if code in busy:
        return Busy(busy[code], trimmed(reply.body))
    return Never(Reason.REFUSED, trimmed(reply.body)) if code in never else Later(Reason.TEMPORARY, trimmed(reply.body))


def status_outcome(reply: Reply) -> Outcome:
    """What a status that is no success says."""
    if reply.status == 429 or (reply.status == 503 and reply.retry_after):
        return Busy(reply.retry_after or 60)
    words = trimmed(f"{reply.status} ".encode() + reply.body)
    if reply.status >= 500 or reply.status in (408, 425):
        return Later(Reason.TEMPORARY, words)
    return Never(Reason.REFUSED, words)
