"""The chains: entries that nobody can change, the payloads that they vouch for, and the checkpoints that seal both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from ledger.guards import Guard

FIRST = "0" * 64


class Versioned(models.Model):
    """A row whose `version` grows with every change, so that a stale form is noticed."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def set(self, **values: Any) -> None:
        """Write several columns of this row, without saving it.

        Raises FieldDoesNotExist for a name that is no column, which would otherwise be taken and lost.
        """
        for name, value in values.items():
            if not self._meta.get_field(name).concrete:
                raise FieldDoesNotExist(f"{self._meta.label} has no column {name}")
            setattr(self, name, value)


class Record(Versioned):
    """A row with a chain of its own, changed only inside `ledger.actions.step` or `create`.

    `stream_kind` begins the name of its chain. `unrecorded` lists fields whose values must not stand in the
    ledger (password hashes), change outside of actions (last sign-in) or follow from others (`derive`).
    """

    stream_kind: ClassVar[str]
    unrecorded: ClassVar[tuple[str, ...]] = ()

    class Meta(Versioned.Meta):
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **how: Any) -> Self:
        """Django looks up every column among the names, row by row: with some sixty columns a list is too slow."""
        return super().from_db(db, frozenset(field_names), values, **how)

    @property
    def stream(self) -> str:
        return f"{self.stream_kind}:{self.pk}"

    def derive(self, before: Mapping[str, Any] | None, kinds: Collection[str]) -> None:
        """Set the columns that follow from others and from rows beside; a step asks for it before it saves the record.

        It may put down beside what has to be done because the record changed. `before` are the recorded fields as the
        step found them, None for a new record; `kinds` are the kinds of rows that its entry tells of.
        """


class Entry(models.Model):
    """One act: `body` is the exact canonical JSON that was hashed, the other columns are copied out of it.

    `sequence` counts from 1 within the stream; `previous_hash` of the first entry is `FIRST`. The two unique
    constraints also serve the reads by stream, forwards and backwards.
    """

    stream = models.CharField(max_length=100)
    sequence = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    body = models.TextField()
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    clause = models.CharField(max_length=40, blank=True)
    actor = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=200)
    role = models.CharField(max_length=60, blank=True)
    on_behalf_of = models.CharField(max_length=60, blank=True)
    payload_digest = models.CharField(max_length=64)

    guard: ClassVar[Guard] = "append_only"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="ledger_entry_sequence_once"),
            models.UniqueConstraint(fields=["stream", "previous_hash"], name="ledger_entry_no_fork"),
        ]
        indexes = [models.Index(fields=["actor", "at"], name="ledger_entry_actor_at")]

    def __str__(self) -> str:
        return f"{self.stream} #{self.sequence} {self.action}"


class Payload(models.Model):
    """What an entry is about: fields before and after, rows, facts, as canonical JSON.

    The entry holds SHA-256 over salt and content, so that an approved disposal can take the content away
    without breaking the chain, and nobody can guess short contents from their digest.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    salt = models.CharField(max_length=64)
    content = models.TextField()

    guard: ClassVar[Guard] = "append_only"

    def __str__(self) -> str:
        return str(self.entry_id)


class Unsealed(models.Model):
    """An entry that no checkpoint covers yet, written with it and taken away by the checkpoint that covers it.

    A row for each entry, not for each chain: what a checkpoint did not see, it does not take away, however late
    the entry was committed and whatever its key. Proves nothing by itself, hence no foreign key in the database:
    an entry that is gone while its row here waits is one more thing that does not fit.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="unsealed"
    )

    def __str__(self) -> str:
        return str(self.entry_id)


class Checkpoint(models.Model):
    """The heads that changed since the checkpoint before it, signed: `body` is the exact canonical JSON.

    `root` is SHA-256 over the body, which holds `previous_root` and the Merkle root of the heads. Of several who
    follow the same checkpoint the database takes one. With `next_key` the holder of `key` hands over to another.
    """

    number = models.PositiveIntegerField(primary_key=True)
    previous_root = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    entries = models.PositiveIntegerField()
    heads = models.PositiveIntegerField()
    heads_root = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    next_key = models.CharField(max_length=64, blank=True)
    body = models.TextField()
    signature = models.CharField(max_length=128)

    guard: ClassVar[Guard] = "append_only"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["previous_root"], name="ledger_checkpoint_one_successor"),
        ]

    def __str__(self) -> str:
        return f"checkpoint {self.number}"


class SealedHead(models.Model):
    """The last entry of a chain as one checkpoint found it."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="sealed_heads")
    stream = models.CharField(max_length=100)
    sequence = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    guard: ClassVar[Guard] = "append_only"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "stream"], name="ledger_head_once_a_checkpoint"),
        ]
        indexes = [models.Index(fields=["stream", "sequence"], name="ledger_head_of_stream")]

    def __str__(self) -> str:
        return f"{self.stream} #{self.sequence}"


class SentForm(models.Model):
    """A form that has been saved, by the key that the page gave it when it was opened; `stream` is what it changed.

    It proves nothing and goes after a while: it keeps a form from counting twice.
    """

    person = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    at = models.DateTimeField()
    stream = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="ledger_form_counts_once")]

    def __str__(self) -> str:
        return self.key
