"""Who has a record open at this moment, and who of them is filling in a form; never what.

Kept in the cache that all processes share, for as long as two questions of a page may lie apart. While the cache is
away nobody is seen, and everything else goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.models import User
from base.clock import now

LIFE = 20
# Of one record; whoever comes after them is not shown.
MOST = 50
# Of one person on one record.
TABS = 4
TAB = re.compile(r"[0-9a-z]{1,16}", re.ASCII)
# By person and tab: who, the name, when last, and whether a form was being filled in.
Kept: TypeAlias = dict[str, tuple[int, str, float, bool]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Present:
    """The others on a record: whether there are any, and the names of those who write."""

    shared: bool = False
    writing: tuple[str, ...] = ()
    digest: str = ""


def present(record: int, user: User, *, tab: str, writes: bool) -> Present:
    """Note that a page of `user` has the record open, and tell of the others; only for who may see the record.

    Two pages that ask in the same moment may overwrite each other; the next question of each brings it back.
    """
    if not TAB.fullmatch(tab):
        return Present()
    at = now().timestamp()
    try:
        kept = _alive(cache.get(_key(record)) or {}, at)
        kept = _with_room(kept, user, own=f"{user.pk}-{tab}")
        if len(kept) < MOST:
            kept[f"{user.pk}-{tab}"] = (user.pk, user.name, at, writes)
        cache.set(_key(record), kept, LIFE)
    except RedisError as error:
        log.warning("presence_not_kept", reason=type(error).__name__)
        return Present()
    return _others(kept, user)


def _key(record: int) -> str:
    return f"live-{record}"


def _alive(kept: Kept, at: float) -> Kept:
    return {tab: (who, name, last, writes) for tab, (who, name, last, writes) in kept.items() if at - last < LIFE}


def _with_room(kept: Kept, user: User, *, own: str) -> Kept:
    """Without this tab and what one person has open besides the newest few, so that nobody takes the room of others."""
    theirs = sorted((last, tab) for tab, (who, _name, last, _writes) in kept.items() if who == user.pk and tab != own)
    oldest = {own, *(tab for _last, tab in theirs[: max(len(theirs) - TABS + 1, 0)])}
    return {tab: one for tab, one in kept.items() if tab not in oldest}


def _others(kept: Kept, user: User) -> Present:
    others = {(who, name, writes) for who, name, _last, writes in kept.values() if who != user.pk}
    if not others:
        return Present()
    writing = tuple(sorted({name for _who, name, writes in others if writes}))
    return Present(True, writing, sha256("\n".join(writing).encode()).hexdigest()[:16])
