"""The rows of a declaration as its chain tells them: one statement however many kinds of rows there are.

Every row is written with its entry in one transaction, so the chain holds what the tables hold; the page reads the
chain for its time line anyway, and would need a statement for each of seventeen tables otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from accounts.models import Contact, User
from escalation.models import (
    Acknowledgement,
    Climb,
    Countersignature,
    Decision,
    EscalationRequest,
    Problem,
    Warning,
    WarningRecipient,
)
from incidents import models as incidents
from incidents.models import Declaration, Part
from knowledge.models import ArticleVersion
from ledger.models import Entry
from ledger.queries import content
from procedure.queries import rules
from record_form.reading import Reading, Told, Verdict, drafted

Row = TypeVar("Row", bound=models.Model)
_ROWS: tuple[type[models.Model], ...] = (
    *(kind for kind in Part.__subclasses__() if kind.__module__.startswith(incidents.__name__)),
    EscalationRequest,
    Decision,
    Countersignature,
    Warning,
    WarningRecipient,
    Acknowledgement,
    Climb,
)
KINDS = {kind._meta.label_lower: kind for kind in _ROWS}


@dataclass
class Act:
    """One entry of the chain with what it changed: fields of the record, and rows as they were then."""

    entry: Entry
    fields: dict[str, tuple[Any, Any]]
    rows: list[models.Model]
    facts: dict[str, Any]

    def first(self, kind: type[Row]) -> Row | None:
        return next((row for row in self.rows if isinstance(row, kind)), None)

    def value(self, name: str) -> Any:
        """The field as this act left it; None if it did not touch it."""
        return self.fields.get(name, (None, None))[1]


@dataclass
class Chain:
    """A declaration's acts, oldest first, and its rows as they stand now, by kind and key."""

    acts: list[Act] = field(default_factory=list)
    rows: dict[str, dict[int, models.Model]] = field(default_factory=dict)

    def all(self, kind: type[Row]) -> list[Row]:
        """The rows of one kind in the order in which they happened."""
        found: list[Any] = list(self.rows.get(kind._meta.label_lower, {}).values())
        return sorted(found, key=lambda row: (getattr(row, "at", row.pk), row.pk))


def chain_of(entries: Iterable[Entry]) -> Chain:
    """Follow the entries of a stream (with payloads, in order); what is no row of a declaration is left out."""
    chain = Chain()
    for entry in entries:
        payload = content(entry)
        rows = [_follow(chain, row) for row in payload.get("rows", [])]
        chain.acts.append(
            Act(
                entry=entry,
                fields={name: (pair[0], pair[1]) for name, pair in payload.get("fields", {}).items()},
                rows=[row for row in rows if row is not None],
                facts=payload.get("facts", {}),
            )
        )
    return chain


def _follow(chain: Chain, told: dict[str, Any]) -> models.Model | None:
    kind = KINDS.get(told["model"])
    if kind is None:
        return None
    known = chain.rows.setdefault(told["model"], {})
    row = known.setdefault(told["pk"], kind(pk=told["pk"]))
    for name, (_before, after) in told["fields"].items():
        column = kind._meta.get_field(name)
        # Past the descriptors: a protected state is only repeated here, not changed.
        row.__dict__[column.attname] = column.to_python(after)  # type: ignore[union-attr]
    return row


@dataclass
class People:
    """Everybody whom the rows name, and the customer's people."""

    staff: dict[int, User]
    contacts: dict[int, Contact]


def people_of(declaration: Declaration, chain: Chain) -> People:
    """Two statements."""
    rows = [declaration, *(row for found in chain.rows.values() for row in found.values())]
    named = Q(pk__in=_keys(rows, Contact)) | Q(customer=declaration.customer_id, is_active=True)
    return People(
        staff=User.objects.in_bulk(_keys(rows, User)),
        contacts={contact.pk: contact for contact in Contact.objects.filter(named).order_by("code")},
    )


def _keys(rows: Iterable[models.Model], kind: type[models.Model]) -> set[int]:
    keys = {
        getattr(row, column.attname)
        for row in rows
        for column in row._meta.concrete_fields
        if column.related_model is kind
    }
    return keys - {None}


def reading_of(declaration: Declaration, chain: Chain, people: People) -> Reading:
    """What the form is composed from; up to four statements, for articles, like cases and problems."""
    return Reading(
        declaration=declaration,
        book=rules(declaration.procedure_version_id),
        attachments=chain.all(incidents.Attachment),
        communications=chain.all(incidents.Communication),
        steps=chain.all(incidents.HandlingStep),
        visits=chain.all(incidents.Visit),
        lookups=_lookups(chain),
        waits=chain.all(incidents.Waiting),
        handovers=chain.all(incidents.Handover),
        opinions=chain.all(incidents.Opinion),
        reclassifications=chain.all(incidents.Reclassification),
        type_changes=chain.all(incidents.TypeChange),
        handler_changes=chain.all(incidents.HandlerChange),
        reports=chain.all(incidents.Report),
        confirmations=_confirmations(chain),
        reopenings=chain.all(incidents.Reopening),
        requests=_requests(declaration, chain, people),
        verdicts=_verdicts(chain),
        warnings=_warnings(declaration, chain),
        drafted=drafted(declaration),
        people=people.staff,
        contacts=people.contacts,
    )


def _lookups(chain: Chain) -> list[incidents.KnowledgeLookup]:
    found = chain.all(incidents.KnowledgeLookup)
    wanted = {each.article_version_id for each in found} - {None}
    versions = ArticleVersion.objects.select_related("article").in_bulk(wanted) if wanted else {}
    wanted = {each.like_case_id for each in found} - {None}
    cases = Declaration.objects.only("number", "subject").in_bulk(wanted) if wanted else {}
    for each in found:
        each.article_version = versions.get(each.article_version_id)
        each.like_case = cases.get(each.like_case_id)
    return found


def _confirmations(chain: Chain) -> list[incidents.Confirmation]:
    found = chain.all(incidents.Confirmation)
    files = {each.pk: each for each in chain.all(incidents.Attachment)}
    for each in found:
        each.attachment = files.get(each.attachment_id) if each.attachment_id else None
    return found


def _requests(declaration: Declaration, chain: Chain, people: People) -> list[EscalationRequest]:
    found = chain.all(EscalationRequest)
    problems: dict[int, Problem] = {}
    if any(each.decided_at for each in found):
        raised = Problem.objects.filter(declaration=declaration).select_related("acknowledged_by")
        problems = {problem.request_id: problem for problem in raised}
    people.staff |= {
        each.acknowledged_by.pk: each.acknowledged_by for each in problems.values() if each.acknowledged_by
    }
    relation = EscalationRequest._meta.get_field("problem")
    for each in found:
        relation.set_cached_value(each, problems.get(each.pk))
    return found


def _author(row: Decision | Countersignature) -> int:
    """Only people decide and countersign."""
    assert row.by_id is not None
    return row.by_id


def _verdicts(chain: Chain) -> list[Verdict]:
    found = [
        Verdict("decision", row.request_id, row.at, _author(row), row.approved, row.reason, row.on_behalf_of_id)
        for row in chain.all(Decision)
    ]
    found += [
        Verdict("countersignature", row.request_id, row.at, _author(row), row.agrees, row.opinion, None)
        for row in chain.all(Countersignature)
    ]
    return sorted(found, key=lambda verdict: (verdict.at, verdict.kind != "decision"))


def _warnings(declaration: Declaration, chain: Chain) -> list[Told]:
    told: dict[int, list[WarningRecipient]] = {}
    for recipient in chain.all(WarningRecipient):
        told.setdefault(recipient.warning_id, []).append(recipient)
    nobody = [WarningRecipient()]
    return [
        Told(
            warning.pk,
            warning.at,
            warning.kind,
            _clock_kind(declaration, warning),
            warning.threshold,
            warning.by_id,
            warning.reason,
            warning.expected_at,
            recipient.user_id,
            recipient.contact_id,
        )
        for warning in chain.all(Warning)
        for recipient in told.get(warning.pk, nobody)
    ]


def _clock_kind(declaration: Declaration, warning: Warning) -> str | None:
    """Only these two clocks warn at thresholds; a classification that was given up had its own resolution clock."""
    if warning.clock_id is None:
        return None
    return "response" if warning.clock_id == declaration.response_clock_id else "resolution"
