"""How soon a robot may be used again; pure functions over instants in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

Limits = Sequence[tuple[int, float]]


def free_at(stamps: Sequence[float], limits: Limits, at: float) -> float:
    """The first instant from `at` on at which one more keeps every limit (so many in any so many seconds)."""
    soonest = at
    for count, seconds in limits:
        if len(stamps) >= count:
            soonest = max(soonest, sorted(stamps)[-count] + seconds)
    return soonest


def still_counting(stamps: Sequence[float], limits: Limits, at: float) -> list[float]:
    """The stamps that still count at `at`, the longest window of the limits back."""
    longest = max((seconds for _count, seconds in limits), default=0.0)
    return sorted(stamp for stamp in stamps if stamp > at - longest)


def off_the_crowded_minute(at: datetime) -> datetime:
    """Feishu turns away what comes at full and half hours (11232): such a minute is left to others."""
    if at.minute not in (0, 30):
        return at
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)
