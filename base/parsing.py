"""What an address or a form gives, where any text may stand."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

# Every column for keys and counts holds a number of so many digits.
MOST_DIGITS = 18


def number(text: str) -> int | None:
    """A key or a count; None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def moment(text: str) -> datetime | None:
    """An instant in UTC, from a date and time with its zone; None for any other text, and for one out of all years."""
    try:
        found = parse_datetime(text)
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def is_storable(*texts: object) -> bool:
    """Whether anything can be called so: PostgreSQL refuses a text with NUL before it looks."""
    return not any("\0" in str(text) for text in texts)
