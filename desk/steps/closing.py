"""The closing checklist: what the record must hold before it is completed, with the clause of each line (R-5.4.7-1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from incidents.models import Declaration, EscalationState, guards
from incidents.models.moves import Guard
from ledger.exceptions import Reason


@dataclass(frozen=True)
class ChecklistItem:
    """One line: its name, the guards of closing that stand behind it, and the records that it concerns."""

    label: Promise
    guards: tuple[Guard, ...]
    concerns: Callable[[Declaration], object] = lambda declaration: True


@dataclass(frozen=True)
class CheckLine:
    """A line as it stands for one record; `missing` says what to do next and is empty once all is there."""

    label: Promise
    clause: str
    missing: list[Reason]


CHECKLIST = (
    ChecklistItem(pgettext_lazy("closing", "The customer was kept informed"), (guards.COMMUNICATED,)),
    ChecklistItem(pgettext_lazy("closing", "The customer's confirmation"), (guards.CONFIRMED,)),
    ChecklistItem(
        pgettext_lazy("closing", "Confirmed by one who may, or with the reason"),
        (guards.CONFIRMED_BY_RIGHT,),
        lambda declaration: declaration.confirmed_at,
    ),
    ChecklistItem(
        pgettext_lazy("closing", "Signed and stamped, as the contract asks"),
        (guards.CONFIRMED_IN_WRITING,),
        lambda declaration: declaration.written_confirmation_due,
    ),
    ChecklistItem(
        pgettext_lazy("closing", "Escalation to a problem settled"),
        guards.ESCALATION_SETTLED,
        lambda declaration: declaration.escalation_state != EscalationState.NONE,
    ),
    ChecklistItem(
        pgettext_lazy("closing", "Cause of the missed deadline"),
        (guards.BREACH_EXPLAINED,),
        guards.is_late,
    ),
)


def checklist(declaration: Declaration) -> list[CheckLine]:
    """The lines that concern this record, each with what is missing; no statement."""
    return [
        CheckLine(item.label, item.guards[0].clause, [guard.reason for guard in item.guards if not guard(declaration)])
        for item in CHECKLIST
        if item.concerns(declaration)
    ]
