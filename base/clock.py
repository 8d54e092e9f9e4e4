"""The only source of the current time.

Everything asks `now()`; only the demonstration loader and the tests set it, through `set_clock()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set_time: ContextVar[datetime | None] = ContextVar("set_time", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC, to the microsecond."""
    return _set_time.get() or datetime.now(UTC)


@contextmanager
def set_clock(at: datetime) -> Iterator[None]:
    """Let `now()` answer `at` (aware) inside the block, in this thread and context only."""
    if at.tzinfo is None:
        raise ValueError("set_clock() takes an aware datetime")
    token = _set_time.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _set_time.reset(token)
