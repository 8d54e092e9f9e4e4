"""What the ledger tells of a record, as plain data: readable whatever has become of the tables and columns since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ledger.models import Entry
from ledger.queries import content


class Values(dict[str, Any]):
    """Columns or facts by name, as JSON has them. What is not known, or of another type, reads as empty."""

    def text(self, name: str) -> str:
        value = self.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """A count, or the key of another row."""
        value = self.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool | None:
        value = self.get(name)
        return value if isinstance(value, bool) else None

    def texts(self, name: str) -> list[str]:
        return [each for each in self._list(name) if isinstance(each, str)]

    def parts(self, name: str) -> list[Values]:
        return [Values(each) for each in self._list(name) if isinstance(each, dict)]

    def _list(self, name: str) -> list[Any]:
        value = self.get(name)
        return value if isinstance(value, list) else []


@dataclass(frozen=True)
class HistoryEntry:
    """One entry of the ledger: the columns that it changed, its rows by model, its facts.

    `record` holds all columns as they stood after it; a row holds all that the chain tells of it, also later on, and
    its key as `pk`. With `is_disposed` nothing but the entry is left.
    """

    ledger_entry: Entry
    is_disposed: bool
    fields: Values
    record: Values
    rows: dict[str, list[Values]]
    facts: Values

    def row(self, model: str) -> Values:
        """The first row of the model, by its label; an empty one if there is none."""
        return next(iter(self.rows.get(model, [])), Values())


def history_of(entries: Iterable[Entry]) -> list[HistoryEntry]:
    """The entries (with payloads, chain by chain and in order) with what they tell; no query."""
    known: dict[tuple[str, Any], Values] = defaultdict(Values)
    return [_history_entry(entry, known) for entry in entries]


def _history_entry(entry: Entry, known: dict[tuple[str, Any], Values]) -> HistoryEntry:
    payload = content(entry)
    rows: dict[str, list[Values]] = defaultdict(list)
    for change in payload.get("rows", []):
        row = known[change["model"], change["pk"]]
        row.update(_after(change["fields"]), pk=change["pk"])
        rows[change["model"]].append(row)
    fields = _after(payload.get("fields", {}))
    record = known["", entry.stream]
    record.update(fields)
    return HistoryEntry(
        ledger_entry=entry,
        is_disposed=not payload,
        fields=fields,
        record=Values(record),
        rows=rows,
        facts=Values(payload.get("facts", {})),
    )


def _after(fields: dict[str, list[Any]]) -> Values:
    return Values({name: after for name, (_before, after) in fields.items()})
