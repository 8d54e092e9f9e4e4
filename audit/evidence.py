"""What a record shows for each clause that a review asks about: facts of the record and entries of its ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Role
from audit.queries import REVIEWED_CLAUSES
from config.wording import clock_time, duration
from incidents.models import Declaration, EscalationState, Impact, KnowledgeLookup, SolutionKind, Type, Urgency, moves
from ledger.models import Entry
from ledger.queries import content, history
from procedure.queries import Rules, rules
from sla.models import Clock

QUESTIONS: Mapping[str, Promise] = {
    "5.3": gettext_lazy("Is the channel known and the original material kept?"),
    "5.4.1": gettext_lazy("Did the desk accept it, with the time of receipt apart from the time of typing?"),
    "5.4.2": gettext_lazy("Are validity, scope and type decided, and was whoever had to know told?"),
    "5.4.3": gettext_lazy("Was it graded by the matrix in force, with the right due time and a response in time?"),
    "5.4.4": gettext_lazy("Was the knowledge base asked first, and is the course of handling complete?"),
    "5.4.5": gettext_lazy("Was the escalation asked for where it must be, decided and countersigned?"),
    "5.4.6": gettext_lazy("Was the customer kept informed, and were head and customer warned in time?"),
    "5.4.7": gettext_lazy("Did an entitled contact confirm, and was it closed with everything settled?"),
    "5.5": gettext_lazy("Is the record form complete and kept?"),
    "7": gettext_lazy("Was it solved within the agreed time?"),
}
# Entries that prove something about a clause besides the one they carry out.
ALSO: Mapping[str, tuple[str, ...]] = {
    "5.3": ("relay", "accept", "join_alarm"),
    "5.5": ("file", "return_for_completion", "add_annex"),
    "7": ("resolve", "quick_solve", "reject", "reopen"),
}
# Steps of the system, which are no moves of a person.
SYSTEM_STEPS: Mapping[str, Promise] = {
    "warn_response": gettext_lazy("Warn of the response time"),
    "warn_resolution": gettext_lazy("Warn of the resolution time"),
    "file": gettext_lazy("File"),
}


@dataclass(frozen=True)
class Change:
    """A field as an entry found and left it; `row` says which row beside the record, if it is one."""

    name: str
    before: str
    after: str
    row: str = ""


@dataclass(frozen=True)
class Line:
    """One entry of the ledger, put into words."""

    sequence: int
    at: datetime
    who: str
    role: str
    label: str
    clause: str
    hash: str
    changes: list[Change]


@dataclass(frozen=True)
class Evidence:
    """One clause of a review: what it asks, what the record says and which entries prove it."""

    clause: str
    title: str
    question: str
    facts: list[str]
    lines: list[Line] = field(default_factory=list)


def ledger_lines(declaration: Declaration) -> list[Line]:
    """Every entry of the record's chain in order; one query by (stream, sequence)."""
    return [_line(entry) for entry in history(declaration.stream)]


def evidence(declaration: Declaration, lines: list[Line]) -> list[Evidence]:
    """The reviewed clauses in order; about six statements however long the record is."""
    told = {clause: [str(fact) for fact in facts(declaration) if fact] for clause, facts in FACTS.items()}
    book = rules(declaration.procedure_version_id)
    return [
        Evidence(clause, _title(book, clause), str(QUESTIONS[clause]), told[clause], _proving(clause, lines))
        for clause in REVIEWED_CLAUSES
    ]


def _title(book: Rules, clause: str) -> str:
    found = book.clauses.get(clause)
    return str(found.title) if found else ""


def _proving(clause: str, lines: list[Line]) -> list[Line]:
    also = {_label(action) for action in ALSO.get(clause, ())}
    return [line for line in lines if line.clause == clause or line.label in also]


def _line(entry: Entry) -> Line:
    body = json.loads(entry.body)
    absent = body.get("on_behalf_of_name", "")
    who = _("%(name)s (for %(absent)s)") % {"name": entry.actor_name, "absent": absent} if absent else entry.actor_name
    return Line(
        sequence=entry.sequence,
        at=entry.at,
        who=_("System") if entry.actor == "system" else who,
        role=str(Role(entry.role).label) if entry.role in Role.values else "",
        label=_label(entry.action),
        clause=entry.clause,
        hash=entry.hash,
        changes=_changes(content(entry)),
    )


def _label(action: str) -> str:
    move = moves().get(action)
    return str(move.label if move else SYSTEM_STEPS.get(action, action))


def _changes(payload: dict[str, Any]) -> list[Change]:
    own = [_change(name, pair) for name, pair in payload.get("fields", {}).items() if name != "version"]
    rows = [
        _change(name, pair, f"{row['model'].partition('.')[2]} {row['pk']}")
        for row in payload.get("rows", [])
        for name, pair in row["fields"].items()
    ]
    return [change for change in [*own, *rows] if change.before or change.after]


def _change(name: str, pair: list[Any], row: str = "") -> Change:
    before, after = (_value(value) for value in pair)
    return Change(name, before, after, row)


def _value(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _when(label: str, at: datetime | None, who: object = "") -> str:
    return " ".join(part for part in (label, clock_time(at), str(who or "")) if part) if at else ""


def _intake(declaration: Declaration) -> list[str]:
    files = declaration.attachment_rows.count()
    return [
        str(declaration.get_channel_display()),
        _("%(count)s files kept") % {"count": files} if files else "",
        declaration.via or declaration.source_ref,
    ]


def _acceptance(declaration: Declaration) -> list[str]:
    return [
        _when(_("Received"), declaration.received_at),
        _when(_("Typed in"), declaration.registered_at, declaration.accepted_by),
        _when(_("Relayed"), declaration.relayed_at, declaration.relayed_by),
        declaration.late_reason,
    ]


def _screening(declaration: Declaration) -> list[str]:
    return [
        str(Type(declaration.type).label),
        _when(_("Screened"), declaration.screened_at, declaration.screened_by),
        declaration.invalid_text
        or (str(declaration.get_invalid_reason_display()) if declaration.invalid_reason else ""),
        *(_when(str(row.get_kind_display()), row.at, row.receiver) for row in declaration.handover_rows.all()),
    ]


def _grading(declaration: Declaration) -> list[str]:
    return [
        _graded(declaration),
        _when(_("Due"), declaration.due_at),
        declaration.grading_basis,
        _when(_("First response"), declaration.first_response_at),
        _kept(declaration.response_clock),
    ]


def _graded(declaration: Declaration) -> str:
    if declaration.priority is None:
        return ""
    return _("%(impact)s × %(urgency)s = level %(level)s") % {
        "impact": Impact(declaration.impact).label,
        "urgency": Urgency(declaration.urgency).label,
        "level": declaration.priority,
    }


def _handling(declaration: Declaration) -> list[str]:
    lookups = [str(KnowledgeLookup.Result(row.result).label) for row in declaration.knowledgelookup_rows.all()]
    steps = declaration.handlingstep_rows.count()
    return [
        _("Knowledge base asked: %(results)s") % {"results": "、".join(lookups)} if lookups else "",
        _when(_("Plan written"), declaration.planned_at),
        _("%(count)s handling steps") % {"count": steps} if steps else "",
        str(SolutionKind(declaration.solution_kind).label) if declaration.solution_kind else "",
    ]


def _escalation(declaration: Declaration) -> list[str]:
    return [
        str(EscalationState(declaration.escalation_state).label)
        if declaration.escalation_state
        else _("No escalation was triggered"),
        _("Time %(ordinal)s of its kind") % {"ordinal": declaration.repeat_ordinal}
        if declaration.repeat_ordinal
        else "",
        declaration.problem_number,
    ]


def _monitoring(declaration: Declaration) -> list[str]:
    told, warned = declaration.communication_rows.count(), declaration.warning_rows.count()
    return [
        _("%(count)s contacts with the customer") % {"count": told} if told else "",
        _("%(count)s warnings") % {"count": warned} if warned else "",
        _("Why it was late: %(reason)s") % {"reason": declaration.breach_reason} if declaration.breach_reason else "",
    ]


def _completion(declaration: Declaration) -> list[str]:
    return [
        _when(_("Confirmed"), declaration.confirmed_at),
        _("by a contact who may not confirm: %(reason)s") % {"reason": declaration.unauthorised_confirmation_reason}
        if declaration.confirmation_authorised is False
        else "",
        _("Opened again %(count)s times") % {"count": declaration.reopen_count} if declaration.reopen_count else "",
        _when(_("Closed"), declaration.closed_at, declaration.closed_by),
    ]


def _filing(declaration: Declaration) -> list[str]:
    return [
        _when(_("Filed"), declaration.filed_at, declaration.filed_by) or _("Not filed yet"),
        declaration.paper_place,
    ]


def _result(declaration: Declaration) -> list[str]:
    return [
        _when(_("Solved"), declaration.resolved_at),
        _when(_("Due"), declaration.due_at),
        _kept(declaration.resolution_clock),
    ]


def _kept(clock: Clock | None) -> str:
    if clock is None or clock.stopped_at is None:
        return ""
    if clock.met:
        return str(pgettext_lazy("clock", "on time"))
    return _("late by %(span)s") % {"span": duration(clock.stopped_at - clock.due_at)}


FACTS: Mapping[str, Callable[[Declaration], list[str]]] = {
    "5.3": _intake,
    "5.4.1": _acceptance,
    "5.4.2": _screening,
    "5.4.3": _grading,
    "5.4.4": _handling,
    "5.4.5": _escalation,
    "5.4.6": _monitoring,
    "5.4.7": _completion,
    "5.5": _filing,
    "7": _result,
}
