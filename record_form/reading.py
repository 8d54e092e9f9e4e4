"""All that the form of one declaration is composed from, read with a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import CharField, F, Value
from django.utils.translation import pgettext_lazy

from accounts.models import Contact, User
from base.compiled import CompiledValues
from escalation.models import Countersignature, Decision, EscalationRequest, Warning
from incidents.models import (
    END_STATES,
    Attachment,
    Communication,
    Confirmation,
    Correction,
    Declaration,
    HandlerChange,
    HandlingStep,
    Handover,
    KnowledgeLookup,
    Opinion,
    Reclassification,
    Reopening,
    Report,
    State,
    Type,
    TypeChange,
    Visit,
    Voidable,
    Waiting,
)
from incidents.queries.parts import DECLARATION, PartType, rows_of
from knowledge.models import KnowledgeArticle
from knowledge.queries import drafted_from
from procedure.queries import Rules, drop_outdated, rules
from record_form import formatting
from record_form.structure import Piece

ATTACHED = pgettext_lazy("form", "attached")
WARNING_COLUMNS = ("pk", "at", "kind", "clock__kind", "threshold", "by_id", "reason", "expected_at")
RELATED = (
    "customer",
    "contract",
    "contact",
    "department",
    "response_clock",
    "resolution_clock",
    "duplicate_of",
    "procedure_version",
)


class Verdict(NamedTuple):
    """What the head decided on an escalation request, or what risk control thought of it."""

    kind: str
    request_id: int
    at: datetime
    by_id: int
    agrees: bool
    text: str
    on_behalf_of_id: int | None


class WarningSent(NamedTuple):
    """A warning and one of those who were told; somebody who told nobody has one line without a person."""

    pk: int
    at: datetime
    kind: str
    clock_kind: str | None
    threshold: int | None
    by_id: int | None
    reason: str
    expected_at: datetime | None
    user_id: int | None
    contact_id: int | None


@dataclass
class Reading:
    """One declaration with its rows, oldest first, and everybody whom they name; what was struck out is left out."""

    declaration: Declaration
    book: Rules
    corrections: list[Correction]
    attachments: list[Attachment]
    communications: list[Communication]
    steps: list[HandlingStep]
    visits: list[Visit]
    lookups: list[KnowledgeLookup]
    waits: list[Waiting]
    handovers: list[Handover]
    opinions: list[Opinion]
    reclassifications: list[Reclassification]
    type_changes: list[TypeChange]
    handler_changes: list[HandlerChange]
    reports: list[Report]
    confirmations: list[Confirmation]
    reopenings: list[Reopening]
    requests: list[EscalationRequest]
    verdicts: list[Verdict]
    warnings: list[WarningSent]
    drafted: KnowledgeArticle | None
    people: dict[int, User]
    contacts: dict[int, Contact]

    def person(self, key: int | None) -> Piece | None:
        return formatting.person(self.people.get(key)) if key else None

    def contact(self, key: int | None) -> Piece | None:
        return formatting.contact(self.contacts.get(key)) if key else None

    def files_of(self, row: Voidable) -> list[Piece | None]:
        """The names of the files that were attached to the row."""
        return self._files([each for each in self.attachments if each.row == row.row_name])

    def files_with(self, purpose: str) -> list[Piece | None]:
        """The same of those that came with a step."""
        return self._files([each for each in self.attachments if each.purpose == purpose])

    def _files(self, attached: list[Attachment]) -> list[Piece | None]:
        return [formatting.named(ATTACHED, formatting.text(each.name)) for each in attached]

    @property
    def is_incident(self) -> bool:
        """Whether sections 3 to 8 apply; a declaration that is not screened yet may still become one."""
        declared = self.declaration.type or self.declaration.intended_type
        return declared in (Type.UNKNOWN, Type.INCIDENT)

    @property
    def has_ended(self) -> bool:
        """Whether it ended before it was solved, so that what is empty stays empty."""
        return self.declaration.state in END_STATES - {State.FILED}


def read(declaration: Declaration) -> Reading:
    """At most 21 statements, each by the index of the foreign key; fewer where the row says that there is nothing.

    The declaration keeps what is set on it and not yet saved; only its relations are filled in.
    """
    _relate(declaration)
    return read_rows(declaration)


def read_rows(declaration: Declaration) -> Reading:
    """The same of a declaration that was read with its relations, in one statement less."""
    rows: dict[str, list[Any]] = {
        "corrections": _rows(Correction, declaration),
        "attachments": _rows(Attachment, declaration, "file"),
        "communications": _rows(Communication, declaration),
        "steps": _rows(HandlingStep, declaration),
        "visits": _rows(Visit, declaration),
        "lookups": _rows(KnowledgeLookup, declaration, "article_version__article", "like_case"),
        "waits": _rows(Waiting, declaration),
        "handovers": _rows(Handover, declaration),
        "opinions": _rows(Opinion, declaration),
        "reclassifications": _rows(Reclassification, declaration),
        "type_changes": _rows(TypeChange, declaration),
        "handler_changes": _rows(HandlerChange, declaration),
        "reports": _rows(Report, declaration) if declaration.reported_at else [],
        "confirmations": _rows(Confirmation, declaration, "attachment"),
        "reopenings": _rows(Reopening, declaration) if declaration.reopen_count else [],
        "requests": _rows(EscalationRequest, declaration, "problem") if declaration.escalation_state else [],
        "verdicts": _verdicts(declaration) if declaration.escalation_state else [],
        "warnings": _warnings(declaration),
    }
    named = [declaration, *(row for found in rows.values() for row in found)]
    named += [request.problem for request in rows["requests"] if hasattr(request, "problem")]
    return Reading(
        declaration=declaration,
        book=rules(declaration.procedure_version_id),
        drafted=_drafted(declaration),
        people=User.objects.in_bulk(_keys(named, User)),
        contacts=Contact.objects.in_bulk(_keys(named, Contact)),
        **rows,
    )


def _drafted(declaration: Declaration) -> KnowledgeArticle | None:
    """The article that was written down from an own solution."""
    own = declaration.closed_at is not None and not declaration.article_code
    return drafted_from(declaration.number) if own else None


def _relate(declaration: Declaration) -> None:
    if not declaration._state.adding:
        stored = Declaration.objects.select_related(*RELATED).get(pk=declaration.pk)
        for name in RELATED:
            if getattr(stored, f"{name}_id") == getattr(declaration, f"{name}_id"):
                setattr(declaration, name, getattr(stored, name))
        drop_outdated(stored.procedure_version)


def _rows(model: type[PartType], declaration: Declaration, *related: str) -> list[PartType]:
    compiled = rows_of(model, *related, standing=issubclass(model, Voidable))
    return compiled.found(declaration=declaration.pk)


def _verdicts(declaration: Declaration) -> list[Verdict]:
    """Decisions and countersignatures in one statement, in the order in which they were given."""
    nobody = Value(None, output_field=models.BigIntegerField())
    decided = Decision.objects.filter(declaration=declaration).order_by()
    opined = Countersignature.objects.filter(declaration=declaration).order_by()
    columns = ("request_id", "at", "by_id")
    both = decided.values_list(_kind("decision"), *columns, "approved", "reason", "on_behalf_of_id").union(
        opined.values_list(_kind("countersignature"), *columns, "agrees", "opinion", nobody), all=True
    )
    return sorted((Verdict(*row) for row in both), key=lambda verdict: (verdict.at, verdict.kind != "decision"))


def _kind(name: str) -> Value:
    return Value(name, output_field=CharField())


def _warnings(declaration: Declaration) -> list[WarningSent]:
    """Warnings with those who were told, in one statement."""
    return [WarningSent(*row) for row in _WARNINGS.rows(declaration=declaration.pk)]


_WARNINGS = CompiledValues(
    lambda: (
        Warning.objects.filter(declaration=DECLARATION)
        .order_by("at", "pk", "told__pk")
        .values_list(*WARNING_COLUMNS, F("told__user_id"), F("told__contact_id"))
    )
)


def _keys(rows: Iterable[Any], model: type[models.Model]) -> set[int]:
    """The keys of the people whom the rows name."""
    keys: set[int | None] = set()
    for row in rows:
        if isinstance(row, models.Model):
            fields = [field for field in row._meta.concrete_fields if field.related_model is model]
            keys |= {getattr(row, field.attname) for field in fields}
        else:
            names = ("contact_id",) if model is Contact else ("by_id", "on_behalf_of_id", "user_id")
            keys |= {getattr(row, name, None) for name in names}
    return {key for key in keys if key is not None}
