"""Changing many records at once: what `step` does for one, for a job that has locked all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models

from base.rows import NewRow, add_new
from ledger.actions.beside import Rows, gathered_by_stream
from ledger.actions.chains import Act, append_all
from ledger.actions.snapshots import born, row, row_of
from ledger.canonical import Json, plain, stored_values
from ledger.models import Record
from ledger.signature import Signature

RecordType = TypeVar("RecordType", bound=Record)
ROWS = 1000


@dataclass
class Change(Generic[RecordType]):
    """One entry to be: what it changes in its record, the rows that it adds, the facts beside them.

    Nothing is written before `record_all`; a child may point to another one that was added before it.
    """

    record: RecordType
    action: str
    clause: str
    children: list[NewRow] = field(default_factory=list)
    fields: dict[str, list[Json]] = field(default_factory=dict)
    facts: dict[str, Json] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    beside: Rows = field(default_factory=list)

    def add(self, model: type[models.Model], /, **columns: Any) -> NewRow:
        """A new row that belongs to the record, by the attributes of its columns (`user_id`)."""
        child = NewRow(model, columns)
        self.children.append(child)
        return child

    def set(self, **values: Any) -> None:
        """New values of fields of the record; its version stays, so that no open form becomes stale."""
        for name, value in values.items():
            self.fields[name] = [plain(getattr(self.record, name)), plain(value)]
        self.record.set(**values)
        self.columns.update(values)

    def note(self, **facts: object) -> None:
        """Facts beside the fields: stable keys and values, no wording."""
        self.facts.update({name: plain(value) for name, value in facts.items()})

    def act(self) -> Act:
        """The entry, once the children have their keys."""
        rows = [
            row_of(child.model, child.key, born(stored_values(child.model, child.values))) for child in self.children
        ]
        payload = {**row(self.record, self.fields), "rows": [*rows, *self.beside], "facts": self.facts}
        return Act(self.record.stream, self.action, self.clause, payload)


def record_all(
    changes: Iterable[Change[Any]], *, signature: Signature, meanwhile: Callable[[], object] | None = None
) -> None:
    """Write the changes and their entries, all of one kind in one statement for `ROWS` rows.

    For a caller inside a transaction that has locked every record; the records' versions stay. `meanwhile` is called
    once the children have their keys: what a lower room tells then stands in the entry of the record that it is about.
    """
    changes = list(changes)
    _insert(child for change in changes for child in change.children)
    _update(changes)
    if meanwhile is not None:
        _tell_beside(changes, meanwhile)
    append_all((change.act() for change in changes), signature=signature)


def _tell_beside(changes: Iterable[Change[Any]], meanwhile: Callable[[], object]) -> None:
    with gathered_by_stream() as rows:
        meanwhile()
    last = {change.record.stream: change for change in changes}
    if untold := rows.keys() - last.keys():
        raise RuntimeError(f"no entry tells of what is about {', '.join(sorted(untold))}")
    for stream, some in rows.items():
        last[stream].beside += some


def _insert(children: Iterable[NewRow]) -> None:
    """Kind by kind, in the order in which each kind appears first: what is pointed to comes before."""
    kinds: dict[type[models.Model], list[NewRow]] = defaultdict(list)
    for child in children:
        kinds[child.model].append(child)
    for rows in kinds.values():
        add_new(rows)


def _update(changes: Iterable[Change[Any]]) -> None:
    """One UPDATE for all records of a kind that take the same values."""
    alike: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for change in changes:
        if change.columns:
            alike[(type(change.record), *sorted(change.columns.items()))].append(change.record.pk)
    for (kind, *values), keys in alike.items():
        for first in range(0, len(keys), ROWS):
            kind._base_manager.filter(pk__in=keys[first : first + ROWS]).update(**dict(values))
