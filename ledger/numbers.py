"""The highest numbers that customers may know, kept with the checkpoints: no restored database gives them again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from ledger import copies
from ledger.models import Payload
from ledger.queries import Head

# Kind and day, then the number of the day: SD-20261123-001.
NUMBER = re.compile(r"(?P<day>[A-Z]+-\d{8})-(?P<last>\d+)")
AT_ONCE = 500


def begun(entries: list[Head]) -> dict[str, int]:
    """The highest number of each kind and day among the records that begin with these entries."""
    keys = [entry.key for entry in entries if entry.sequence == 1]
    found: list[str] = []
    for first in range(0, len(keys), AT_ONCE):
        contents = Payload.objects.filter(pk__in=keys[first : first + AT_ONCE]).values_list("content", flat=True)
        found += [number for text in contents if (number := _number(json.loads(text)))]
    return highest({match["day"]: int(match["last"])} for text in found if (match := NUMBER.fullmatch(text)))


def known() -> dict[str, int]:
    """The highest of each kind and day that the copy of the checkpoints tells of, whatever was restored since."""
    if not copies.path().exists():
        return {}
    return highest(line.data.get("numbers", {}) for line in copies.lines(copies.path()))


def highest(some: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The highest number of each day in all of these."""
    found: dict[str, int] = {}
    for numbers in some:
        for day, last in numbers.items():
            found[day] = max(last, found.get(day, 0))
    return found


def _number(payload: Mapping[str, object]) -> str:
    fields = payload.get("fields")
    pair = fields.get("number") if isinstance(fields, dict) else None
    return str(pair[1]) if pair else ""
