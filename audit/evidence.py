"""What a record shows for each clause that a review asks about: facts of the record and entries of its ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role
from audit.facts import FACTS
from audit.queries import REVIEWED_CLAUSES
from incidents.models import Declaration, moves
from ledger.models import Entry
from ledger.queries import content, history
from procedure.queries import Rules, rules
from record_form.verbs import VERBS

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
# Moves that no `Verb` declares, and the clauses that they prove besides the one they carry out.
BEGINNINGS: Mapping[str, tuple[str, ...]] = {"relay": ("5.3",), "join_alarm": ("5.3",)}
# Acts that are no moves of the procedure: those of the system, and those on warnings, problems and clocks.
SYSTEM_STEPS: Mapping[str, Promise] = {
    "warn_response": gettext_lazy("Warn of the response time"),
    "warn_resolution": gettext_lazy("Warn of the resolution time"),
    "warn_trend": gettext_lazy("Warn of the trend"),
    "warn_relay": gettext_lazy("Remind of a relayed call"),
    "warn_handover": gettext_lazy("Remind of a hand-over"),
    "warn_decision": gettext_lazy("Remind of a decision"),
    "warn_countersign": gettext_lazy("Remind of a countersignature"),
    "hold_warning": gettext_lazy("Hold a warning until the opening"),
    "cancel_held_warning": gettext_lazy("Drop a held warning"),
    "climb_warning": gettext_lazy("Tell a warning further up"),
    "acknowledge_warning": gettext_lazy("Take note of a warning"),
    "repair_clock": gettext_lazy("Put a clock right"),
    "apply_deadlines": gettext_lazy("Apply a change to the due times"),
    "raise_problem": gettext_lazy("Raise a problem"),
    "acknowledge_problem": gettext_lazy("Receive a problem"),
    "withdraw_problem": gettext_lazy("Withdraw a problem"),
    "hand_on": gettext_lazy("Hand on, as somebody left or was merged"),
    "reinstate_problem": gettext_lazy("Reinstate a problem"),
}


@dataclass(frozen=True)
class Change:
    """A field as an entry found and left it; `row` says which row beside the record, if it is one."""

    name: str
    before: str
    after: str
    row: str = ""


@dataclass(frozen=True)
class LedgerLine:
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
    lines: list[LedgerLine] = field(default_factory=list)


def ledger_lines(declaration: Declaration) -> list[LedgerLine]:
    """Every entry of the record's chain in order; one query by (stream, sequence)."""
    return [_line(entry) for entry in history(declaration.stream)]


def evidence(declaration: Declaration, lines: list[LedgerLine]) -> list[Evidence]:
    """The reviewed clauses in order; about six statements however long the record is."""
    facts_by_clause = {clause: [str(fact) for fact in facts(declaration) if fact] for clause, facts in FACTS.items()}
    book = rules(declaration.procedure_version_id)
    return [
        Evidence(clause, _title(book, clause), str(QUESTIONS[clause]), facts_by_clause[clause], _proving(clause, lines))
        for clause in REVIEWED_CLAUSES
    ]


def _title(book: Rules, clause: str) -> str:
    found = book.clauses.get(clause)
    return str(found.title) if found else ""


def _proving(clause: str, lines: list[LedgerLine]) -> list[LedgerLine]:
    proofs = {**BEGINNINGS, **{name: verb.proves for name, verb in VERBS.items()}}
    also = {step_name(action) for action, clauses in proofs.items() if clause in clauses}
    return [line for line in lines if line.clause == clause or line.label in also]


def _line(entry: Entry) -> LedgerLine:
    body = json.loads(entry.body)
    absent = body.get("on_behalf_of_name", "")
    who = _("%(name)s (for %(absent)s)") % {"name": entry.actor_name, "absent": absent} if absent else entry.actor_name
    return LedgerLine(
        sequence=entry.sequence,
        at=entry.at,
        who=_("System") if entry.actor == "system" else who,
        role=str(Role(entry.role).label) if entry.role in Role.values else "",
        label=step_name(entry.action),
        clause=entry.clause,
        hash=entry.hash,
        changes=_changes(content(entry)),
    )


def step_name(action: str) -> str:
    """What an entry of the ledger did, in a word or two; one that is not known any more is called as it was written."""
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
