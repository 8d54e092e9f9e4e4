"""Every write of a record goes through here: one transaction, one row locked, one entry appended.

`step` changes a record, `create` begins one, `attempt` joins several of them (or checks before the first) into
one transaction. A `Refused` that leaves the outermost of them is written to the day's security stream.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import override

from config.clock import now
from ledger.canonical import Json, canonical, digest, field_values, plain, recorded_fields
from ledger.exceptions import Refused, Stale
from ledger.models import FIRST, Entry, Payload, Record, Versioned
from ledger.queries import changes_since, head
from ledger.signature import Signature

RecordType = TypeVar("RecordType", bound=Record)
ChildType = TypeVar("ChildType", bound=models.Model)
Values = dict[str, Json]
Changed = dict[str, list[Json]]

CHINA = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
_inside: ContextVar[bool] = ContextVar("inside_an_attempt", default=False)


@dataclass
class Attempt:
    """What somebody is trying; the body may set each part as soon as it is known better."""

    signature: Signature
    action: str
    stream: str
    clause: str = ""


@dataclass
class Step(Attempt, Generic[RecordType]):
    """A record that is being changed; what the body leaves in its fields is saved and recorded at the end.

    `entry` is the ledger entry once the block has ended.
    """

    record: RecordType = field(kw_only=True)
    bump: bool = True
    entry: Entry | None = None
    _snapshot: _Snapshot = field(kw_only=True)
    _tracked: list[_Snapshot] = field(default_factory=list)
    _rows: list[dict[str, Json]] = field(default_factory=list)
    _facts: dict[str, Json] = field(default_factory=dict)

    def add(self, child: ChildType) -> ChildType:
        """Save a new row that belongs to the record, and record all its fields; later changes of it count too."""
        _refuse_record(child)
        child.save(force_insert=True)
        self._rows.append(_row(child, _born(field_values(child))))
        self._tracked.append(_Snapshot(child))
        return child

    def track(self, child: ChildType, *, version: int | None = None) -> ChildType:
        """Save and record at the end what the body changes in a row that belongs to the record.

        The child must be read inside the step. With `version`, raises `Stale` if the child is at another.
        """
        _refuse_record(child)
        if version is not None and (not isinstance(child, Versioned) or child.version != version):
            raise self._stale(self.record)
        self._tracked.append(_Snapshot(child))
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
        fields = self._save_record(new=new)
        for snapshot in self._tracked:
            changed = snapshot.save(bump=True)
            if changed is None:
                raise self._stale(self.record)
            if changed:
                self._rows.append(_row(snapshot.instance, changed))
        payload = {
            **_row(self.record, fields),
            "rows": self._rows,
            "facts": self._facts,
        }
        self.entry = _append(self.stream, self, payload, last=None if new else head(self.stream))

    def _save_record(self, *, new: bool) -> Changed:
        born = _born(self._snapshot.values) if new else {}
        changed = self._snapshot.save(bump=self.bump, always=self.bump)
        if changed is None:
            raise self._stale(type(self.record)._base_manager.get(pk=self.record.pk))
        return born | {name: [born.get(name, pair)[0], pair[1]] for name, pair in changed.items()}


class _Snapshot:
    """A row as it was read, to tell what the body changed in it."""

    def __init__(self, instance: models.Model) -> None:
        self.instance = instance
        self.values = field_values(instance)
        self._unrecorded = {name: getattr(instance, name) for name in getattr(instance, "unrecorded", ())}

    def save(self, *, bump: bool, always: bool = False) -> Changed | None:
        """Write the changed columns by one conditional UPDATE; None if the row is no longer as it was read."""
        after = field_values(self.instance)
        changed = {name: [self.values[name], value] for name, value in after.items() if value != self.values[name]}
        columns = self._columns(changed)
        if not columns and not always:
            return {}
        unchanged: dict[str, Any] = {"pk": self.instance.pk}
        if isinstance(self.instance, Versioned):
            unchanged["version"] = self.values["version"]
            if bump:
                columns["version"] = self.instance.version + 1
        if not columns:
            return {}
        if type(self.instance)._base_manager.filter(**unchanged).update(**columns) != 1:
            return None
        if isinstance(self.instance, Versioned) and bump:
            changed["version"] = [self.instance.version, columns["version"]]
            self.instance.version = columns["version"]
        return changed

    def _columns(self, changed: Changed) -> dict[str, Any]:
        fields = [entry for entry in recorded_fields(type(self.instance)) if entry.name in changed]
        columns = {entry.attname: getattr(self.instance, entry.attname) for entry in fields}
        for name, before in self._unrecorded.items():
            if getattr(self.instance, name) != before:
                columns[name] = getattr(self.instance, name)
        return columns


@contextmanager
def attempt(signature: Signature, *, action: str, stream: str, clause: str = "") -> Iterator[Attempt]:
    """One transaction around several steps, or around checks that come before the first.

    A `Refused` that leaves the outermost attempt is recorded after the roll-back, unless a transaction of the
    caller's is still open and rolls that back too: open none around.
    """
    attempted = Attempt(signature=signature, action=action, stream=stream, clause=clause)
    with _attempting(attempted):
        yield attempted


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
) -> Iterator[Step[RecordType]]:
    """Lock a record, let the body change it, then save what changed and append the entry; all or nothing.

    `version` is the one that the person saw: another raises `Stale`; None (jobs) takes the record as it is.
    `bump=False` leaves the version alone, so that a warning of the system makes no open form stale. Raises the
    model's `DoesNotExist`. Do not change the same record in a step inside a step: the outer one would be `Stale`.
    """
    attempted = Attempt(signature=signature, action=action, stream=f"{model.stream_kind}:{pk}", clause=clause)
    with _attempting(attempted):
        record = model._base_manager.select_for_update(of=("self",)).get(pk=pk)
        taken = _begin(record, attempted, bump=bump)
        taken.expect(version)
        with _kept_in(attempted, taken):
            yield taken
        taken._finish(new=False)


@contextmanager
def create(
    record: RecordType, *, signature: Signature, action: str, clause: str, **facts: object
) -> Iterator[Step[RecordType]]:
    """Insert a record, let the body add its first rows, then begin its chain with all its fields.

    What the body still changes in the record is saved too and stands in the same entry; the version stays 1.
    """
    attempted = Attempt(signature=signature, action=action, stream=f"{record.stream_kind}:new", clause=clause)
    with _attempting(attempted):
        record.save(force_insert=True)
        attempted.stream = record.stream
        taken = _begin(record, attempted, bump=False)
        taken.note(**facts)
        with _kept_in(attempted, taken):
            yield taken
        taken._finish(new=True)


def append(stream: str, *, signature: Signature, action: str, clause: str = "", payload: Mapping[str, object]) -> Entry:
    """Append to a chain that no row lock protects, such as those of the system; safe when several do so at once."""
    written = Attempt(signature=signature, action=action, stream=stream, clause=clause)
    while True:
        # The loser of a race fails on a unique constraint once the winner has committed, and then sees its entry.
        last = head(stream)
        try:
            with transaction.atomic():
                return _append(stream, written, payload, last=last)
        except IntegrityError:
            newest = head(stream)
            if (newest and newest.pk) == (last and last.pk):
                raise


def record_refusal(signature: Signature, *, action: str, stream: str, refusal: Refused) -> None:
    """Write a refusal to the security stream of the day: who, what, why; never what the person typed.

    Call it outside of transactions. After `settings.LEDGER_REFUSALS_PER_MINUTE` (60) of one actor within a minute,
    one entry says that more were dropped, and no other is written until the minute is over.
    """
    limit: int = getattr(settings, "LEDGER_REFUSALS_PER_MINUTE", 60)
    at = now()
    recent = Entry.objects.filter(actor=signature.key, at__gt=at - MINUTE, at__lte=at, stream__startswith="security:")
    count = recent[: limit + 1].count()
    if count > limit:
        return
    payload: dict[str, object] = {"facts": _refusal_facts(action, stream, refusal)}
    if count == limit:
        action, payload = "refusals_dropped", {"facts": {"limit_per_minute": limit}}
    day = at.astimezone(CHINA).date()
    append(f"security:{day}", signature=signature, action=action, clause=refusal.clause, payload=payload)


def _refusal_facts(action: str, stream: str, refusal: Refused) -> dict[str, object]:
    with override("en"):
        return {
            "target": stream,
            "refused": action,
            "code": refusal.code,
            "status": refusal.status,
            "sentence": str(refusal.sentence),
            "fields": sorted(refusal.errors),
            "clauses": [reason.clause for reason in refusal.reasons],
        }


@contextmanager
def _attempting(attempted: Attempt) -> Iterator[None]:
    if _inside.get():
        with transaction.atomic():
            yield
        return
    token = _inside.set(True)
    try:
        with transaction.atomic():
            yield
    except Refused as refusal:
        record_refusal(attempted.signature, action=attempted.action, stream=attempted.stream, refusal=refusal)
        raise
    finally:
        _inside.reset(token)


@contextmanager
def _kept_in(attempted: Attempt, taken: Attempt) -> Iterator[None]:
    """Let the refusal tell what the body has learnt about actor and action."""
    try:
        yield
    finally:
        attempted.signature, attempted.action, attempted.clause = taken.signature, taken.action, taken.clause


def _begin(record: RecordType, attempted: Attempt, *, bump: bool) -> Step[RecordType]:
    return Step(
        signature=attempted.signature,
        action=attempted.action,
        clause=attempted.clause,
        stream=attempted.stream,
        record=record,
        bump=bump,
        _snapshot=_Snapshot(record),
    )


def _append(stream: str, written: Attempt, payload: Mapping[str, object], *, last: Entry | None) -> Entry:
    content, salt = canonical(payload), secrets.token_hex(32)
    signature = written.signature
    columns = {
        "stream": stream,
        "sequence": last.sequence + 1 if last else 1,
        "previous_hash": last.hash if last else FIRST,
        "at": now(),
        "action": written.action,
        "clause": written.clause,
        "actor": signature.key,
        "actor_name": signature.name,
        "role": signature.role,
        "on_behalf_of": signature.on_behalf_of,
        "payload_digest": digest(salt + content),
    }
    beside = {
        "actor_kind": signature.kind,
        "on_behalf_of_name": signature.on_behalf_of_name,
        "via": signature.via,
    }
    body = canonical({**columns, **beside})
    entry = Entry.objects.create(**columns, body=body, hash=digest(body))
    Payload.objects.create(entry=entry, salt=salt, content=content)
    return entry


def _row(instance: models.Model, fields: Changed) -> dict[str, Json]:
    return {"model": instance._meta.label_lower, "pk": plain(instance.pk), "fields": plain(fields)}


def _born(values: Values) -> Changed:
    return {name: [None, value] for name, value in values.items()}


def _refuse_record(child: models.Model) -> None:
    if isinstance(child, Record):
        raise TypeError(f"{type(child).__name__} has a chain of its own: take a step on it, or create it")
