"""Waiting for real processes: as short as they allow, never for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(answer: Callable[[], T], *, seconds: float, what: str) -> T:
    """The first true answer; an AssertionError that names `what` if none came in time."""
    end = time.monotonic() + seconds
    while not (value := answer()):
        assert time.monotonic() < end, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.05)
    return value
