"""Changing a record: one transaction, one row locked, one conditional UPDATE, one entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Generic, TypeVar

from django.db import models

from base.compiled import CompiledRecords, Parameter
from ledger.actions.attempts import Attempt, attempting
from ledger.actions.beside import Rows, gathered
from ledger.actions.chains import follow
from ledger.actions.once import count_form
from ledger.actions.snapshots import Changed, Snapshot, born, gone, row
from ledger.canonical import Json, field_values, plain
from ledger.exceptions import Stale
from ledger.models import Entry, Record, Versioned
from ledger.queries import changes_since, head
from ledger.signature import Signature

RecordType = TypeVar("RecordType", bound=Record)
ChildType = TypeVar("ChildType", bound=models.Model)


@dataclass
class RecordChange(Attempt, Generic[RecordType]):
    """A record that is being changed; what the body leaves in its fields is saved and recorded at the end.

    `entry` is the ledger entry once the block has ended.
    """

    record: RecordType = field(kw_only=True)
    bump: bool = True
    entry: Entry | None = None
    _snapshot: Snapshot = field(kw_only=True)
    _tracked: list[Snapshot] = field(default_factory=list)
    _rows: Rows = field(kw_only=True)
    _facts: dict[str, Json] = field(default_factory=dict)

    def add(self, child: ChildType) -> ChildType:
        """Save a new row that belongs to the record, and record all its fields; later changes of it count too."""
        _refuse_record(child)
        child.save(force_insert=True)
        new: list[models.Model] = [child, *_used_by(child)]
        self._rows += [row(one, born(field_values(one))) for one in new]
        self._tracked.append(Snapshot(child))
        return child

    def remove(self, *children: models.Model) -> None:
        """Delete rows of one kind that belong to the record, and record what stood in them."""
        for child in children:
            _refuse_record(child)
            self._rows.append(gone(child))
        if children:
            type(children[0])._base_manager.filter(pk__in=[child.pk for child in children]).delete()

    def track(self, child: ChildType, *, version: int | None = None) -> ChildType:
        """Save and record at the end what the body changes in a row that belongs to the record.

        The child must be read inside the step. With `version`, raises `Stale` if the child is at another.
        """
        _refuse_record(child)
        if version is not None and (not isinstance(child, Versioned) or child.version != version):
            raise self._stale(self.record)
        if not any(snapshot.instance is child for snapshot in self._tracked):
            self._tracked.append(Snapshot(child))
        return child

    def expect(self, version: int | None) -> None:
        """Raise `Stale` unless the record stands at the version that the person saw; None (jobs) accepts any."""
        if version is not None and version != self.record.version:
            raise self._stale(self.record, version)

    def note(self, **facts: object) -> None:
        """Put facts beside the fields into the entry's payload: stable keys and values, no wording."""
        self._facts.update({name: plain(value) for name, value in facts.items()})

    def _stale(self, current: Record, version: int = 0) -> Stale:
        since = changes_since(self.stream, version or current.version - 1)
        if since is None:
            return Stale(current)
        return Stale(current, changed_by=since.by, changed_at=since.at, changed=since.fields)

    def _finish(self, *, new: bool) -> None:
        count_form(self.stream)
        # Children first: once the record is filed, the database lets none of them change.
        self._save_children()
        self.record.derive(None if new else self._snapshot.values, {str(one["model"]) for one in self._rows})
        fields = self._save_record(new=new)
        payload = {**row(self.record, fields), "rows": self._rows, "facts": self._facts}
        self.entry = follow(
            None if new else head(self.stream),
            self.stream,
            signature=self.signature,
            action=self.action,
            clause=self.clause,
            payload=payload,
        )

    def _save_children(self) -> None:
        for snapshot in self._tracked:
            changed = snapshot.save(bump=True)
            if changed is None:
                raise self._stale(self.record)
            if changed:
                self._rows.append(row(snapshot.instance, changed))

    def _save_record(self, *, new: bool) -> Changed:
        before: Changed = born(self._snapshot.values) if new else {}
        changed = self._snapshot.save(bump=self.bump, always=self.bump)
        if changed is None:
            raise self._stale(type(self.record)._base_manager.get(pk=self.record.pk))
        return before | {name: [before.get(name, pair)[0], pair[1]] for name, pair in changed.items()}


@contextmanager
def step(
    model: type[RecordType],
    pk: object,
    *,
    version: int | None,
    signature: Signature,
    action: str,
    clause: str,
    bump: bool = True,
) -> Iterator[RecordChange[RecordType]]:
    """Lock a record, let the body change it, then save what changed and append the entry; all or nothing.

    `version` is the one that the person saw: another raises `Stale`; None (jobs) takes the record as it is.
    `bump=False` leaves the version alone, so that a warning of the system makes no open form stale. Raises the
    model's `DoesNotExist`. Do not change the same record in a step inside a step: the outer one would be `Stale`.
    """
    attempted = Attempt(signature=signature, action=action, stream=f"{model.stream_kind}:{pk}", clause=clause)
    with attempting(attempted), gathered() as rows:
        record = _locked(model).first(pk=pk)
        if record is None:
            raise model.DoesNotExist
        taken = _begin(record, attempted, rows, bump=bump)
        taken.expect(version)
        with _kept_in(attempted, taken):
            yield taken
        taken._finish(new=False)


@cache
def _locked(model: type[RecordType]) -> CompiledRecords[RecordType]:
    key = Parameter("pk", model._meta.pk)
    return CompiledRecords(lambda: model._base_manager.select_for_update(of=("self",)).filter(pk=key))


@contextmanager
def create(
    record: RecordType, *, signature: Signature, action: str, clause: str, **facts: object
) -> Iterator[RecordChange[RecordType]]:
    """Insert a record, let the body add its first rows, then begin its chain with all its fields.

    What the body still changes in the record is saved too and stands in the same entry; the version stays 1.
    """
    attempted = Attempt(signature=signature, action=action, stream=f"{record.stream_kind}:new", clause=clause)
    with attempting(attempted), gathered() as rows:
        record.derive(None, {str(one["model"]) for one in rows})
        record.save(force_insert=True)
        attempted.stream = record.stream
        taken = _begin(record, attempted, rows, bump=False)
        taken.note(**facts)
        with _kept_in(attempted, taken):
            yield taken
        taken._finish(new=True)


@contextmanager
def _kept_in(attempted: Attempt, taken: Attempt) -> Iterator[None]:
    """Let the refusal tell what the body has learnt about actor and action."""
    try:
        yield
    finally:
        attempted.signature, attempted.action, attempted.clause = taken.signature, taken.action, taken.clause


def _begin(record: RecordType, attempted: Attempt, rows: Rows, *, bump: bool) -> RecordChange[RecordType]:
    return RecordChange(
        signature=attempted.signature,
        action=attempted.action,
        clause=attempted.clause,
        stream=attempted.stream,
        record=record,
        bump=bump,
        _snapshot=Snapshot(record),
        _rows=rows,
    )


def _used_by(child: models.Model) -> list[models.Model]:
    """Rows of many that the child points to and that no chain of their own vouches for, such as a stored file."""
    links = [field for field in child._meta.concrete_fields if field.is_relation and field.related_model]
    used = (getattr(child, link.name) for link in links if getattr(link.related_model, "told_where_used", False))
    return [one for one in used if one is not None]


def _refuse_record(child: models.Model) -> None:
    if isinstance(child, Record):
        raise TypeError(f"{type(child).__name__} has a chain of its own: take a step on it, or create it")
