"""What somebody who owns the database, and some files, may try: one function for each class of tampering.

Each is handed a desk that was sealed and whose guards are gone, and changes it past the desk. All of them must be named
by `verify_ledger`, which has the public key and a copy of the checkpoints from outside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.db.models import Model

from accounts.models import Contact, RoleGrant
from audit.models import Review
from escalation.models import Decision, Problem, Warning, WarningRecipient
from files.models import StoredFile
from files.storage import path_of
from incidents.models import Attachment, Communication, Declaration, HandlingStep
from ledger import keys
from ledger.canonical import canonical, digest, plain
from ledger.merkle import merkle_root
from ledger.models import FIRST, Checkpoint, Entry, Payload, SealedHead, Unsealed
from ledger.queries import head_lines
from ledger.seals import COPIED as SEALED
from ledger.verification.chains import COPIED
from notifications.models import Batch, Notification
from procedure.models import Clause
from record_form.models import FiledForm
from sla.models import CalendarDay, Clock, ClockEvent, Contract, ContractTarget

Change = Callable[[list[Entry]], list[Entry]]


@dataclass
class Desk:
    """What lies open to the thief: a filed record, an open one, the files; and what does not: the copy outside."""

    filed: Declaration
    open: Declaration
    stolen: Ed25519PrivateKey
    copy: Path

    @property
    def chain(self) -> list[Entry]:
        return list(Entry.objects.filter(stream=self.filed.stream).order_by("sequence"))


def update(model: type[Model], key: object, /, **values: object) -> None:
    assert model._base_manager.filter(pk=key).update(**values) == 1


def delete(model: type[Model], **which: object) -> None:
    """Past Django's collector, which would mind what points there."""
    rows = model._base_manager.filter(**which)
    assert rows.exists()
    rows._raw_delete(rows.db)


def again(row: Any, **values: object) -> Any:
    """The row once more under a new key."""
    row.pk = None
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def other_byte(text: str) -> str:
    """The text with one byte in its middle changed."""
    middle = len(text) // 2
    while ord(text[middle]) > 127 or not text[middle].isalnum():
        middle += 1
    return text[:middle] + ("x" if text[middle] != "x" else "y") + text[middle + 1 :]


def rewrite(stream: str, change: Change) -> None:
    """Change a chain and hash it anew from its beginning, as the desk would have."""
    before = list(Entry.objects.filter(stream=stream).order_by("sequence"))
    after, previous = change(before), FIRST
    delete(Entry, stream=stream)
    for sequence, entry in enumerate(after, start=1):
        entry.stream, entry.sequence, entry.previous_hash = stream, sequence, previous
        entry.body = canonical({**json.loads(entry.body), **{name: plain(getattr(entry, name)) for name in COPIED}})
        entry.hash = previous = digest(entry.body)
    Entry.objects.bulk_create(after)
    for gone in {entry.pk for entry in before} - {entry.pk for entry in after}:
        delete(Payload, entry_id=gone)


def set_heads(stream: str) -> None:
    """Let the sealed heads of the chain be those that it has now."""
    hashes = dict(Entry.objects.filter(stream=stream).values_list("sequence", "hash"))
    for sealed in SealedHead.objects.filter(stream=stream):
        update(SealedHead, sealed.pk, hash=hashes[min(sealed.sequence, max(hashes))])


def reroot(key: Ed25519PrivateKey | None) -> None:
    """Make every checkpoint anew over the heads as they are now, signed with a key, or with the old signature."""
    previous = FIRST
    for checkpoint in Checkpoint.objects.order_by("number"):
        heads = checkpoint.sealed_heads.values_list("stream", "sequence", "hash")
        values: dict[str, Any] = {name: getattr(checkpoint, name) for name in SEALED}
        values |= {"previous_root": previous, "heads": len(heads), "heads_root": merkle_root(head_lines(heads))}
        values["key"] = keys.public(key) if key else checkpoint.key
        body = canonical({"kind": "checkpoint", **values})
        previous = digest(body)
        signature = keys.sign(key, body) if key else checkpoint.signature
        update(Checkpoint, checkpoint.number, body=body, root=previous, signature=signature, **values)


def another_title(entries: list[Entry]) -> list[Entry]:
    entries[1].action = "forged"
    return entries


def rehashed(change: Change) -> Callable[[Desk], None]:
    return lambda desk: rewrite(desk.filed.stream, change)


def entry_column(**values: object) -> Callable[[Desk], None]:
    return lambda desk: update(Entry, desk.chain[1].pk, **values)


def with_heads(desk: Desk) -> None:
    rewrite(desk.filed.stream, another_title)
    set_heads(desk.filed.stream)


def rerooted(key: Callable[[Desk], Ed25519PrivateKey | None]) -> Callable[[Desk], None]:
    def attack(desk: Desk) -> None:
        with_heads(desk)
        reroot(key(desk))

    return attack


def column(model: type[Model], name: str, value: object, **which: object) -> Callable[[Desk], None]:
    """Another value in one row of a table."""

    def attack(desk: Desk) -> None:
        row = model._base_manager.filter(**which).order_by("pk").first()
        assert row is not None
        changed = value(getattr(row, name)) if callable(value) else value
        assert getattr(row, name) != changed
        update(model, row.pk, **{name: changed})

    return attack


def removed(model: type[Model], **which: object) -> Callable[[Desk], None]:
    """One row of a table less."""

    def attack(desk: Desk) -> None:
        row = model._base_manager.filter(**which).order_by("-pk").first()
        assert row is not None
        delete(model, pk=row.pk)

    return attack


def inserted(model: type[Model], values: Callable[[Desk], dict[str, object]]) -> Callable[[Desk], None]:
    """One row more, made after one that is there."""

    def attack(desk: Desk) -> None:
        row = model._base_manager.order_by("pk").first()
        assert row is not None
        again(row, **values(desk))

    return attack


def tail(desk: Desk) -> None:
    last = desk.chain[-1]
    delete(Payload, entry_id=last.pk)
    delete(Entry, pk=last.pk)


def tail_with_rows(desk: Desk) -> None:
    """The last entry goes, and the columns that it told of are set back."""
    last = desk.chain[-1]
    payload = json.loads(last.payload.content)
    tail(desk)
    fields = {name: Declaration._meta.get_field(name) for name in payload["fields"]}
    before = {fields[name].attname: fields[name].to_python(pair[0]) for name, pair in payload["fields"].items()}
    update(Declaration, desk.filed.pk, **before)
    for row in payload["rows"]:
        if row["model"] == FiledForm._meta.label_lower:
            delete(FiledForm, pk=row["pk"])


def whole_chain(desk: Desk) -> None:
    for entry in desk.chain:
        delete(Payload, entry_id=entry.pk)
    delete(Entry, stream=desk.filed.stream)


def record_and_chain(desk: Desk) -> None:
    whole_chain(desk)
    delete(Declaration, pk=desk.filed.pk)


def record_chain_and_heads(desk: Desk) -> None:
    record_and_chain(desk)
    delete(SealedHead, stream=desk.filed.stream)


def added_entry(desk: Desk, at: datetime, sequence: int, *, queued: bool = False) -> Entry:
    """An entry as the desk would write it, but when it pleases."""
    model = desk.chain[0]
    before = desk.chain[sequence - 2]
    follows = before.hash if sequence > len(desk.chain) else digest("nothing")  # Two that follow one are refused.
    model.pk, model.sequence, model.previous_hash, model.at = None, sequence, follows, at
    model.payload_digest = digest("ab" + "{}")
    model.body = canonical({**json.loads(model.body), **{name: plain(getattr(model, name)) for name in COPIED}})
    model.hash = digest(model.body)
    model.save(force_insert=True)
    Payload.objects.create(entry=model, salt="ab", content="{}")
    if queued:
        Unsealed.objects.create(entry=model)
    return model


def inserted_plain(desk: Desk) -> None:
    rows = desk.chain
    for entry in reversed(rows[2:]):
        update(Entry, entry.pk, sequence=entry.sequence + 1)
    added_entry(desk, rows[1].at, 3)


def inserted_rehashed(desk: Desk) -> None:
    inserted_plain(desk)
    rewrite(desk.filed.stream, lambda entries: entries)


def appended_backdated(desk: Desk) -> None:
    added_entry(desk, desk.chain[0].at - timedelta(days=1), len(desk.chain) + 1)


def appended_and_sealed(desk: Desk) -> None:
    """What a worker of an earlier version signed: the key is the desk's own."""
    forged = added_entry(desk, desk.chain[-1].at - timedelta(hours=1), len(desk.chain) + 1)
    last = Checkpoint.objects.latest("number")
    lines = head_lines([(forged.stream, forged.sequence, forged.hash)])
    values: dict[str, Any] = {name: getattr(last, name) for name in SEALED}
    values |= {"number": last.number + 1, "previous_root": last.root, "entries": 1, "heads": 1}
    values["heads_root"] = merkle_root(lines)
    body = canonical({"kind": "checkpoint", **values})
    signature = keys.sign(desk.stolen, body)
    made = Checkpoint.objects.create(**values, body=body, root=digest(body), signature=signature)
    SealedHead.objects.create(checkpoint=made, stream=forged.stream, sequence=forged.sequence, hash=forged.hash)


def reordered(entries: list[Entry]) -> list[Entry]:
    return [entries[0], entries[2], entries[1], *entries[3:]]


def reorder_two(desk: Desk) -> None:
    first, second = desk.chain[1:3]
    update(Entry, first.pk, sequence=900)
    update(Entry, second.pk, sequence=first.sequence)
    update(Entry, first.pk, sequence=second.sequence)


def transplant(desk: Desk) -> None:
    last = Entry.objects.filter(stream=desk.open.stream).order_by("-sequence").first()
    assert last is not None
    update(Entry, last.pk, stream=desk.filed.stream, sequence=len(desk.chain) + 1)


def transplant_rehashed(desk: Desk) -> None:
    transplant(desk)
    rewrite(desk.filed.stream, lambda entries: entries)


def swapped_payloads(desk: Desk) -> None:
    first, second = (entry.payload for entry in desk.chain[1:3])
    update(Payload, first.pk, salt=second.salt, content=second.content)
    update(Payload, second.pk, salt=first.salt, content=first.content)


def other_bytes(_desk: Desk) -> None:
    path = path_of(StoredFile.objects.latest("stored_at").sha256)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"!")


def bytes_gone(_desk: Desk) -> None:
    path_of(StoredFile.objects.latest("stored_at").sha256).unlink()


def file_gone_with_its_row(desk: Desk) -> None:
    bytes_gone(desk)
    delete(StoredFile, sha256=StoredFile.objects.latest("stored_at").sha256)


def attachment_elsewhere(desk: Desk) -> None:
    stored = StoredFile.objects.latest("stored_at")
    content = path_of(stored.sha256).read_bytes() + b" "
    stored.sha256, stored.size = digest(content.decode()), len(content)
    path_of(stored.sha256).parent.mkdir(exist_ok=True)
    path_of(stored.sha256).write_bytes(content)
    stored.save(force_insert=True)
    update(Attachment, Attachment.objects.get(declaration=desk.filed).pk, file_id=stored.sha256)


def form_rehashed(_desk: Desk) -> None:
    form = FiledForm.objects.latest("pk")
    content = other_byte(form.content)
    update(FiledForm, form.pk, content=content, sha256=digest(content))


def forged_body(_desk: Desk) -> None:
    last = Checkpoint.objects.latest("number")
    update(Checkpoint, last.number, body=other_byte(last.body))


def checkpoint_by_own_key(_desk: Desk) -> None:
    last, key = Checkpoint.objects.latest("number"), Ed25519PrivateKey.generate()
    values: dict[str, Any] = {name: getattr(last, name) for name in SEALED}
    values |= {"number": last.number + 1, "previous_root": last.root, "entries": 0, "heads": 0}
    values |= {"heads_root": merkle_root([]), "key": keys.public(key)}
    body = canonical({"kind": "checkpoint", **values})
    Checkpoint.objects.create(**values, body=body, root=digest(body), signature=keys.sign(key, body))


def drop_checkpoints(numbers: Iterable[int]) -> None:
    for number in numbers:
        SealedHead.objects.filter(checkpoint=number)._raw_delete("default")
        delete(Checkpoint, number=number)


def drop_last_and_queue_again(_desk: Desk) -> None:
    last = Checkpoint.objects.latest("number").number
    for sealed in SealedHead.objects.filter(checkpoint=last):
        entry = Entry.objects.get(stream=sealed.stream, sequence=sealed.sequence)
        Unsealed.objects.create(entry=entry)
    drop_checkpoints([last])


def drop_all_checkpoints(_desk: Desk) -> None:
    drop_checkpoints(list(Checkpoint.objects.values_list("number", flat=True)))


def copy_without_a_line(desk: Desk) -> None:
    lines = desk.copy.read_text().splitlines(keepends=True)
    desk.copy.write_text("".join(lines[:1] + lines[2:]))


def copy_with_another_byte(desk: Desk) -> None:
    lines = desk.copy.read_text().splitlines(keepends=True)
    desk.copy.write_text("".join([lines[0].replace('heads_root\\":\\"', 'heads_root\\":\\"0', 1), *lines[1:]]))


def older_database(desk: Desk) -> None:
    """As it was before the last checkpoint: what came after is gone without a trace, but for the copy outside."""
    last = Checkpoint.objects.latest("number").number
    streams = SealedHead.objects.filter(checkpoint=last).values_list("stream", flat=True)
    assert list(streams) == ["late:1"]
    drop_checkpoints([last])
    [entry] = Entry.objects.filter(stream="late:1")
    delete(Payload, entry_id=entry.pk)
    delete(Entry, pk=entry.pk)


def all_clocks(_desk: Desk) -> None:
    with connection.cursor() as cursor:
        for model in (ClockEvent, Clock):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def silenced(desk: Desk) -> None:
    """A clock that nobody has been warned of yet, as if a sweep had warned of everything."""
    unwarned = Clock.objects.filter(kind__in=("response", "resolution"), checked=0)
    clock = unwarned.latest("pk")
    update(Clock, clock.pk, checked=100, next_check_at=None, breached_at=clock.due_at)


def missed_clock(desk: Desk) -> Clock:
    return Clock.objects.get(pk=desk.filed.resolution_clock_id)


def verdict_with_its_event(desk: Desk) -> None:
    """Target, stop event and row together, so that a replay of the events agrees."""
    clock = missed_clock(desk)
    start, stop = clock.events.get(kind="start"), clock.events.get(kind="stop")
    target = {**start.data["target"], "amount": 90}
    due = (clock.due_at + timedelta(days=86)).isoformat()
    update(ClockEvent, start.pk, data={**start.data, "target": target})
    update(ClockEvent, stop.pk, data={**stop.data, "due_at": due, "met": not clock.met})
    update(Clock, clock.pk, target=target, due_at=due, met=not clock.met)


def swapped_keys(_desk: Desk) -> None:
    first, second = HandlingStep.objects.order_by("pk")[:2]
    update(HandlingStep, first.pk, id=99_999)
    update(HandlingStep, second.pk, id=first.pk)
    update(HandlingStep, 99_999, id=second.pk)


def entry_alone(desk: Desk) -> None:
    """Another time of one entry, with the hash that it then has."""
    entry = _later(desk.chain[1])
    body = canonical({**json.loads(entry.body), "at": plain(entry.at)})
    update(Entry, entry.pk, at=entry.at, body=body, hash=digest(body))


def letter() -> Notification:
    """A letter to a customer that was delivered."""
    found = Notification.objects.filter(contact__isnull=False, status="sent").exclude(text="").first()
    assert found is not None
    return found


def waiting() -> Notification:
    """A message that was never delivered."""
    found = Notification.objects.filter(channel="email").exclude(status="sent").first()
    assert found is not None
    return found


def other_contact() -> int:
    return int(Contact.objects.exclude(pk=letter().contact_id).values_list("pk", flat=True)[0])


def undelivered_with_its_batch(_desk: Desk) -> None:
    """A message that waits is said to have been delivered, on it and in a batch."""
    row = waiting()
    update(Notification, row.pk, status="sent", sent_at=row.created_at, next_attempt_at=None)
    Batch.objects.create(at=row.created_at, delivered={str(plain(row.created_at)): [row.pk]})


def _payload(desk: Desk) -> Payload:
    return desk.chain[1].payload


ATTACKS: dict[str, Callable[[Desk], None]] = {
    "edit body byte": lambda desk: update(Entry, desk.chain[2].pk, body=other_byte(desk.chain[2].body)),
    "edit entry column": entry_column(role="auditor"),
    "edit payload byte": lambda desk: update(Payload, _payload(desk).pk, content=other_byte(_payload(desk).content)),
    "edit salt": lambda desk: update(Payload, _payload(desk).pk, salt="0" * 64),
    "delete middle": lambda desk: delete(Entry, pk=desk.chain[2].pk),
    "delete middle and renumber rehash": rehashed(lambda entries: entries[:2] + entries[3:]),
    "delete tail": tail,
    "delete tail with rows set back": tail_with_rows,
    "delete whole chain": whole_chain,
    "delete record and chain": record_and_chain,
    "delete record chain and heads": record_chain_and_heads,
    "insert middle rehash": inserted_rehashed,
    "insert middle plain": inserted_plain,
    "append backdated no unsealed": appended_backdated,
    "backdated entry appended, queued and signed": appended_and_sealed,
    "reorder two": reorder_two,
    "reorder rehash": rehashed(reordered),
    "transplant column": transplant,
    "transplant rehash": transplant_rehashed,
    "swap payloads": swapped_payloads,
    "change time column": entry_column(at=datetime.fromisoformat("2026-01-01T00:00:00+00:00")),
    "change time rehash entry": entry_alone,
    "change time rehash chain": rehashed(lambda entries: [_later(entries[0]), *entries[1:]]),
    "change actor column": entry_column(actor="staff:999"),
    "change actor rehash chain": rehashed(lambda entries: [_by_another(entries[0]), *entries[1:]]),
    "edit and rehash whole chain": rehashed(another_title),
    "rehash and sealed heads": with_heads,
    "rehash heads reroot old signature": rerooted(lambda desk: None),
    "rehash heads reroot own key": rerooted(lambda desk: Ed25519PrivateKey.generate()),
    "rehash heads reroot stolen key": rerooted(lambda desk: desk.stolen),
    "replace attachment bytes": other_bytes,
    "delete attachment file": bytes_gone,
    "attachment points elsewhere": attachment_elsewhere,
    "stored file and its row deleted": file_gone_with_its_row,
    "storedfile name": column(StoredFile, "first_name", "another.txt"),
    "storedfile type": column(StoredFile, "media_type", "application/pdf"),
    "storedfile size": column(StoredFile, "size", 1),
    "attachment name": column(Attachment, "name", "another.txt"),
    "filed form byte": column(FiledForm, "content", other_byte),
    "filed form rehash": form_rehashed,
    "filed form column": column(FiledForm, "schema", 99),
    "filed form deleted": removed(FiledForm),
    "filed declaration column": column(Declaration, "subject", "没有投诉", state="filed"),
    "open declaration column": column(Declaration, "priority", 4, state="in_progress"),
    "declaration due time": column(Declaration, "due_at", lambda at: at + timedelta(days=9), state="filed"),
    "child row column": column(HandlingStep, "result", "没寄出"),
    "child deleted": removed(Communication),
    "child inserted": inserted(Communication, lambda desk: {"declaration_id": desk.filed.pk}),
    "key swap of rows": swapped_keys,
    "forge checkpoint body": forged_body,
    "forge checkpoint column": column(Checkpoint, "entries", 1),
    "new checkpoint own key": checkpoint_by_own_key,
    "drop checkpoint": lambda desk: drop_checkpoints([1]),
    "drop last checkpoints requeue": drop_last_and_queue_again,
    "drop one sealed head": removed(SealedHead),
    "drop all checkpoints": drop_all_checkpoints,
    "copy line removed": copy_without_a_line,
    "copy byte": copy_with_another_byte,
    "older database put back": older_database,
    "clock row": column(Clock, "due_at", lambda at: at + timedelta(days=9), kind="resolution"),
    "clock silenced": silenced,
    "clock kind": column(Clock, "kind", "relay", kind="resolution"),
    "clock event row": column(ClockEvent, "at", lambda at: at - timedelta(minutes=1), kind="stop"),
    "clock event deleted": removed(ClockEvent, kind="stop"),
    "clock event inserted": inserted(ClockEvent, lambda desk: {"sequence": 50, "kind": "cancel"}),
    "verdict met flip": lambda desk: update(Clock, missed_clock(desk).pk, met=False),
    "clock target, stop event and row": verdict_with_its_event,
    "all clocks and events deleted": all_clocks,
    "warning row": column(Warning, "threshold", 42, threshold__isnull=False),
    "warning deleted": removed(Warning),
    "warning recipient row": column(WarningRecipient, "role", "customer"),
    "warning recipient inserted": inserted(WarningRecipient, lambda desk: {"role": "customer"}),
    "outbox row": lambda desk: update(Notification, letter().pk, text=letter().text + "已解决"),
    "outbox row emptied": lambda desk: update(Notification, letter().pk, text="", data={}),
    "outbox row of another person": lambda desk: update(Notification, letter().pk, contact_id=other_contact()),
    "outbox row deleted": lambda desk: delete(Notification, pk=letter().pk),
    "outbox row inserted": lambda desk: again(letter(), cycle=900),
    "outbox row delivered earlier": lambda desk: update(
        Notification, letter().pk, sent_at=letter().created_at - timedelta(hours=1)
    ),
    "outbox row not delivered": lambda desk: update(Notification, letter().pk, status="dead", sent_at=None),
    "outbox row delivered after all": lambda desk: update(
        Notification, waiting().pk, status="sent", sent_at=waiting().created_at, next_attempt_at=None
    ),
    "delivery inserted": undelivered_with_its_batch,
    "delivery changed": column(Batch, "delivered", {}, delivered__isnull=False),
    "delivery deleted": removed(Batch),
    "escalation decision": column(Decision, "reason", "另有原因"),
    "grant": column(RoleGrant, "reason", "另有原因"),
    "grant inserted": inserted(RoleGrant, lambda desk: {"role": "auditor", "department_id": None, "reason": "补录"}),
    "problem": column(Problem, "subject", "另一个问题"),
    "review": column(Review, "note", "另有说明"),
    "procedure": column(Clause, "title", "另一条"),
    "contract": column(Contract, "name", "另一份合同"),
    "contract target inserted": inserted(
        ContractTarget, lambda desk: {"contract_id": Contract.objects.filter(targets=None).latest("pk").pk}
    ),
    "holiday deleted": removed(CalendarDay),
    "holiday moved": column(CalendarDay, "date", lambda day: day + timedelta(days=400)),
}


def _later(entry: Entry) -> Entry:
    entry.at += timedelta(seconds=1)
    return entry


def _by_another(entry: Entry) -> Entry:
    entry.actor = "staff:999"
    return entry
