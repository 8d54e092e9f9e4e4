"""Which step of a declaration comes next, and whose answer it waits for; pure, read off the row."""

from __future__ import annotations

from collections.abc import Sequence

from incidents.access import NextStep
from incidents.models import UNDECIDED_ESCALATION, Declaration, EscalationState, State
from incidents.verbs import Party
from incidents.verbs.due import refusal_due
from record_form.verbs import PROMPTS


def next_verb(declaration: Declaration, steps: Sequence[NextStep]) -> NextStep | None:
    """The one of `steps` (of `incidents.access.next_steps`) whose turn it is, in the order of the procedure.

    None when the record waits for somebody else, or has ended.
    """
    possible = {step.verb: step for step in steps if step.possible}
    for verb, prompt in PROMPTS.items():
        if verb in possible and prompt.due(declaration) and not _has_spoken(verb, declaration, steps):
            return possible[verb]
    return None


def is_answer_awaited(verb: str) -> bool:
    """Whether the step records what somebody else has to say first."""
    return bool(PROMPTS[verb].awaits)


def waits_for(declaration: Declaration) -> Party:
    """Whose move it is while the desk has none; empty when nobody is waited for."""
    match declaration.state:
        case State.RELAYED:
            return "desk"
        case State.HANDED_OVER | State.HANDOVER_RECEIVED:
            return "receiver"
        case State.REQUEST_REVIEW:
            return _waits_reviewed(declaration)
        case State.REQUEST_IN_PROGRESS:
            return "head"
        case State.WAITING_CUSTOMER:
            return "customer"
        case State.RESOLVED:
            return _waits_resolved(declaration)
        case State.CLOSED:
            return "custodian"
    return ""


def _waits_reviewed(declaration: Declaration) -> Party:
    if declaration.risk_control_agrees is None:
        return "risk_control"
    return "desk" if refusal_due(declaration) else "head"


def _waits_resolved(declaration: Declaration) -> Party:
    if declaration.escalation_state in UNDECIDED_ESCALATION:
        return "next_level" if declaration.escalation_climbed else "head"
    if declaration.escalation_state == EscalationState.DECIDED:
        return "risk_control"
    return "customer"


def _has_spoken(verb: str, declaration: Declaration, steps: Sequence[NextStep]) -> bool:
    """Two are asked for an opinion; whoever has given the own one is not asked again."""
    if verb != "give_opinion":
        return False
    decides = any(step.verb == "accept_request" for step in steps)
    return (declaration.head_agrees if decides else declaration.risk_control_agrees) is not None
