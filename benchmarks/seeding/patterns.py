"""A record with all that belongs to it, as statements of SQL that make its copies."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, models

from benchmarks.seeding.plays import Played
from benchmarks.seeding.templates import Copying, Model, digest_of, moved, quoted
from escalation.models import Problem
from incidents.models import Declaration
from ledger.models import Entry, Payload, Record, Unsealed
from ledger.queries import history
from notifications.models import Notification
from record_form.models import FiledForm
from search.models import Document
from sla.models import Clock

LEDGER = (Entry, Payload, Unsealed)
PROOF = (*LEDGER, FiledForm)


class Pattern:
    """A record with its rows and its chains, as statements that make copies of it."""

    def __init__(self, number: int, played: Played) -> None:
        self.number, declaration = number, played.declaration
        self.own: dict[Model, set[int]] = defaultdict(set)
        self._take(Declaration, [declaration.pk])
        streams = [kind(pk=key).stream for kind in self.own if issubclass(kind, Record) for key in self.own[kind]]
        self._take(Notification, Notification.objects.filter(stream__in=streams).values_list("pk", flat=True))
        documents = Document.objects.filter(kind="declaration", key=declaration.pk)
        self._take(Document, documents.values_list("pk", flat=True))
        self.chains = [list(history(stream)) for stream in streams]
        self.entries = sorted((entry for chain in self.chains for entry in chain), key=lambda entry: entry.pk)
        self._take(Entry, [entry.pk for entry in self.entries])
        problems = Problem.objects.filter(declaration=declaration).values_list("number", flat=True)
        numbers = [declaration.number, *problems]
        forms = FiledForm.objects.filter(declaration=declaration).values_list("sha256", flat=True)
        digests = {*forms, *(entry.hash for entry in self.entries), *(entry.payload_digest for entry in self.entries)}
        self.copying = Copying(self.own, numbers, digests)
        self.rows = list(self._rows())
        self.proof = [*self._forms(), *self._ledger()]

    def copy(self, *, whole: bool) -> None:
        """Make all copies of it that stand in `copies`; what is not `whole` has neither chain nor filed form."""
        for statement in [*self.proof, *self.rows] if whole else self.rows:
            execute(statement)

    def _take(self, kind: Model, keys: Iterable[int]) -> None:
        """These rows, what belongs to them, and the clocks that they point to."""
        new = set(keys) - self.own[kind]
        if not new:
            return
        self.own[kind] |= new
        for relation in kind._meta.related_objects:
            child = relation.related_model
            if child in LEDGER or relation.field.name in OTHERS:
                continue
            found = child._base_manager.filter(**{f"{relation.field.name}__in": new})
            self._take(child, found.values_list("pk", flat=True))
        for field in kind._meta.concrete_fields:
            if field.related_model is Clock:
                clocks = kind._base_manager.filter(pk__in=new, **{f"{field.name}__isnull": False})
                self._take(Clock, clocks.values_list(field.attname, flat=True))

    def _forms(self) -> Iterator[str]:
        for form in FiledForm.objects.filter(pk__in=self.own[FiledForm]):
            content = self.copying.text(form.content)
            columns = self._expressions(FiledForm, FiledForm.objects.filter(pk=form.pk).values().get())
            columns.update({'"content"': "c.content", '"sha256"': "c.sha256"})
            yield f"""
                WITH written AS MATERIALIZED (
                    SELECT c.*, {content} AS content FROM copies AS c WHERE c.pattern = {self.number}
                ), made AS MATERIALIZED (
                    SELECT c.*, encode(sha256(convert_to(c.content, 'UTF8')), 'hex') AS sha256 FROM written AS c
                ), forms AS (
                    INSERT INTO {table_of(FiledForm)} ({", ".join(columns)})
                    SELECT {", ".join(columns.values())} FROM made AS c
                ) INSERT INTO digests SELECT g, '{form.sha256}', sha256 FROM made
            """

    def _ledger(self) -> Iterator[str]:
        """One statement an entry: the payload, its digest, the body that tells of it, and the hash of the body."""
        for entry in self.entries:
            columns = self._expressions(Entry, Entry.objects.filter(pk=entry.pk).values().get())
            body = self.copying.text(entry.body).replace(digest_of(entry.payload_digest), "c.digest")
            columns.update({'"body"': "c.body", '"hash"': "c.hash", '"payload_digest"': "c.digest"})
            yield f"""
                WITH told AS MATERIALIZED (
                    SELECT c.*, {self.copying.payload(entry.payload.content)} AS content FROM copies AS c
                    WHERE c.pattern = {self.number}
                ), digested AS MATERIALIZED (
                    SELECT c.*, encode(sha256(convert_to('{entry.payload.salt}' || content, 'UTF8')), 'hex') AS digest
                    FROM told AS c
                ), bodied AS MATERIALIZED (SELECT c.*, {body} AS body FROM digested AS c
                ), made AS MATERIALIZED (
                    SELECT c.*, encode(sha256(convert_to(c.body, 'UTF8')), 'hex') AS hash FROM bodied AS c
                ), entries AS (
                    INSERT INTO ledger_entry ({", ".join(columns)}) SELECT {", ".join(columns.values())} FROM made AS c
                ), payloads AS (
                    INSERT INTO ledger_payload (entry_id, salt, content)
                    SELECT {moved(entry.pk)}, '{entry.payload.salt}', content FROM made AS c
                ), unsealed AS (
                    INSERT INTO ledger_unsealed (entry_id) SELECT {moved(entry.pk)} FROM made AS c
                ) INSERT INTO digests SELECT g, '{entry.hash}', hash FROM made
            """

    def _rows(self) -> Iterator[str]:
        for kind, keys in self.own.items():
            if kind in PROOF:
                continue
            table = table_of(kind)
            for row in kind._base_manager.filter(pk__in=keys).order_by("pk").values():
                columns = self._expressions(kind, row)
                yield (
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
                    f" FROM copies AS c WHERE c.pattern = {self.number}"
                )

    def _expressions(self, kind: Model, row: dict[str, Any]) -> dict[str, str]:
        return {
            connection.ops.quote_name(field.column): self._expression(kind, field, row[field.attname])
            for field in kind._meta.concrete_fields
            if not field.generated
        }

    def _expression(self, kind: Model, field: models.Field[Any, Any], value: Any) -> str:
        type_of = field.db_type(connection)
        if value is None:
            return f"NULL::{type_of}"
        if (field.primary_key and not field.related_model) or (kind, field.name) == (Document, "key"):
            return moved(value)
        if field.related_model in self.own and value in self.own[field.related_model]:
            return moved(value)
        if isinstance(value, datetime):
            return f"timestamptz '{value.isoformat()}' + c.shift"
        if isinstance(field, models.JSONField):
            return f"{self.copying.text(json.dumps(value, cls=field.encoder, ensure_ascii=False))}::jsonb"
        if isinstance(value, str):
            return f"{self.copying.text(value)}::{type_of}"
        return f"{quoted(str(value))}::{type_of}"


# Links to a record that is not this one's.
OTHERS = frozenset({"like_case", "duplicate_of", "linked_to"})


def table_of(kind: Model) -> str:
    return connection.ops.quote_name(kind._meta.db_table)


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
