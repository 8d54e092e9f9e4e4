"""A chain folded up: what each of its rows must hold now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ledger.canonical import Json
from ledger.verification.chains import StoredEntry, lines
from ledger.verification.faults import UNREADABLE, Fault

Values: TypeAlias = dict[str, Json]
RowKey: TypeAlias = tuple[str, str]


@dataclass
class Replay:
    """What each row of a chain must hold now, by model and key (None: it was deleted), and the first contradiction."""

    stream: str
    rows: dict[RowKey, Values | None] = field(default_factory=dict)
    fault: Fault | None = None

    def fold(self, line: StoredEntry) -> None:
        """Take the next entry; each change must start from what the one before it left."""
        try:
            fault = self._fold(line)
        except UNREADABLE:
            fault = Fault(self.stream, line.sequence, "the payload cannot be read")
        self.fault = self.fault or fault

    def _fold(self, line: StoredEntry) -> Fault | None:
        payload = json.loads(line.content) if line.content else {}
        own = [payload] if "model" in payload else []
        faults = [self._fold_row(line.sequence, row) for row in (*own, *payload.get("rows", ()))]
        return next(filter(None, faults), None)

    def _fold_row(self, sequence: int, row: dict[str, Any]) -> Fault | None:
        key = (row["model"], str(row["pk"]))
        expected = self.rows.get(key)
        if not expected:
            fresh = {name: after for name, (_before, after) in row["fields"].items()}
            self.rows[key] = None if row.get("removed") else fresh
            return None
        # A file that several rows use is told of again, as it is.
        odd = [
            name
            for name, (before, after) in row["fields"].items()
            if name in expected and expected[name] not in (before, after)
        ]
        expected.update((name, after) for name, (_before, after) in row["fields"].items())
        self.rows[key] = None if row.get("removed") else expected
        if not odd:
            return None
        what = f"{row['model']} {row['pk']}: {odd[0]} does not start from what the entries before left"
        return Fault(self.stream, sequence, what)


def replayed(stream: str) -> Replay:
    """What the chain of a record says of its rows; one statement."""
    return replays([stream])[stream]


def replays(streams: Iterable[str]) -> dict[str, Replay]:
    """The same of several records; one statement."""
    found = {stream: Replay(stream) for stream in streams}
    for stream, entries in lines(found):
        for line in entries:
            found[stream].fold(line)
    return found
