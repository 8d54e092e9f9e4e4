"""Which step of a declaration comes next, why now, and whose answer it waits for; pure, read off the row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from base import wording
from base.clock import now
from incidents.access import NextStep
from incidents.models import (
    REPEAT_THRESHOLD,
    UNDECIDED_ESCALATION,
    Channel,
    Declaration,
    EscalationState,
    State,
    is_late,
)
from incidents.models.guards import (
    BOTH_OPINIONS,
    CONFIRMED,
    CONFIRMED_BY_RIGHT,
    CONFIRMED_IN_WRITING,
    PLANNED,
    RESPONDED,
)
from procedure.queries import rules
from sla.targets import Target

Party = Literal["", "handler", "customer", "head", "next_level", "risk_control", "receiver", "desk", "custodian"]
CONFIRMATION = (CONFIRMED, CONFIRMED_BY_RIGHT, CONFIRMED_IN_WRITING)
# A customer is told again before the interval has run out, not after.
INTERVAL_SHARE = 0.75
# What the handler does himself, also where the desk may: the desk is not reminded of it while somebody else handles.
HANDLERS_OWN = frozenset(
    {"confirm_contract_notes", "look_up", "start", "write_plan", "log_handling", "resume", "resolve"}
)


@dataclass(frozen=True)
class Turn:
    """A verb as the thing to do now: when its turn has come, the word on its button, and why now.

    One with `awaits` records the answer of somebody else, so until that answer comes there is nothing to do.
    """

    verb: str
    button: Promise
    icon: str
    due: Callable[[Declaration], bool]
    why: Promise | Callable[[Declaration], str]
    awaits: Party = ""

    def why_now(self, declaration: Declaration) -> str:
        """The sentence beside the button."""
        return str(self.why) if isinstance(self.why, Promise) else self.why(declaration)


def next_verb(declaration: Declaration, steps: Sequence[NextStep]) -> NextStep | None:
    """The one of `steps` (of `incidents.access.next_steps`) whose turn it is, in the order of the procedure.

    None when the record waits for somebody else, or has ended.
    """
    possible = {step.verb: step for step in steps if step.possible}
    for turn in TURNS.values():
        if turn.verb in possible and turn.due(declaration) and not _spoken(turn, declaration, steps):
            return possible[turn.verb]
    return None


def is_answer_awaited(verb: str) -> bool:
    """Whether the step records what somebody else has to say first."""
    return bool(TURNS[verb].awaits)


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
    return "desk" if _refusal_due(declaration) else "head"


def _waits_resolved(declaration: Declaration) -> Party:
    if declaration.escalation_state in UNDECIDED_ESCALATION:
        return "next_level" if declaration.escalation_climbed else "head"
    if declaration.escalation_state == EscalationState.DECIDED:
        return "risk_control"
    return "customer"


def _spoken(turn: Turn, declaration: Declaration, steps: Sequence[NextStep]) -> bool:
    """Two are asked for an opinion; whoever has given the own one is not asked again."""
    if turn.verb != "give_opinion":
        return False
    decides = any(step.verb == "accept_request" for step in steps)
    return (declaration.head_agrees if decides else declaration.risk_control_agrees) is not None


def update_due(declaration: Declaration, at: datetime) -> bool:
    """Whether the customer should hear something now: after a miss, or when the interval of the level runs out."""
    if declaration.state not in (State.IN_PROGRESS, State.WAITING_CUSTOMER):
        return False
    told = declaration.communicated_at or declaration.received_at
    if _was_due(declaration, told, at):
        return True
    interval = _interval(declaration)
    return interval is not None and at - told >= interval * INTERVAL_SHARE


def _was_due(declaration: Declaration, told: datetime, at: datetime) -> bool:
    """Whether the due time has passed since the customer was told something; while it moves, it cannot pass."""
    return declaration.due_at is not None and not declaration.clock_stands and told < declaration.due_at <= at


def _interval(declaration: Declaration) -> timedelta | None:
    book = rules(declaration.procedure_version_id)
    span = book.parameter("update_interval").get(str(declaration.priority))
    if span is None or not book.parameter("update_interval_used"):
        return None
    return Target.from_data(span).length(declaration.received_at, None)


def _answer_due(declaration: Declaration) -> bool:
    accepted = declaration.state == State.REQUEST_IN_PROGRESS and declaration.customer_answered_at is None
    return accepted or _refusal_due(declaration)


def _refusal_due(declaration: Declaration) -> bool:
    """Whether the head speaks against a request, so that the desk tells the customer before it is declined (T8)."""
    opposed = declaration.state == State.REQUEST_REVIEW and declaration.head_agrees is False
    return opposed and BOTH_OPINIONS(declaration) and declaration.customer_answered_at is None


def _why_accept(declaration: Declaration) -> str:
    minutes = rules(declaration.procedure_version_id).parameter("relay_ack_minutes")
    return gettext("Relayed; acknowledge within %(minutes)d min") % {"minutes": minutes}


def _why_respond(declaration: Declaration) -> str:
    return gettext("%(channel)s of %(time)s, not answered yet") % {
        "channel": Channel(declaration.channel).label,
        "time": wording.clock_time(declaration.received_at),
    }


def _why_decide(declaration: Declaration) -> str:
    if declaration.escalation_state == EscalationState.OBJECTED:
        return gettext("Risk control objects: decide again")
    return gettext("Asked to become a problem; waits for your decision")


def _why_escalate(declaration: Declaration) -> str:
    if REPEAT_THRESHOLD in declaration.escalation_triggers:
        return gettext("Happened %(count)d times: a problem has to be requested") % {
            "count": declaration.repeat_ordinal
        }
    return gettext("Severe impact: a problem has to be requested")


def _why_communicate(declaration: Declaration) -> str:
    if _refusal_due(declaration):
        return gettext("The head speaks against the request; tell the customer")
    if _answer_due(declaration):
        return gettext("The head accepted the request; tell the customer")
    told = declaration.communicated_at or declaration.received_at
    if declaration.due_at is not None and _was_due(declaration, told, now()):
        return gettext("Was due %(due)s; tell the customer the new time first") % {
            "due": wording.clock_time(declaration.due_at)
        }
    return gettext("Update the customer every %(interval)s, last %(span)s ago") % {
        "interval": wording.duration(_interval(declaration) or timedelta()),
        "span": wording.duration(now() - told),
    }


def _in(*states: State) -> Callable[[Declaration], bool]:
    return lambda declaration: declaration.state in states


# In the order of the procedure: the first whose turn has come is the next step.
TURNS: dict[str, Turn] = {
    turn.verb: turn
    for turn in (
        Turn("accept", pgettext_lazy("step", "Acknowledge"), "phone-incoming", _in(State.RELAYED), _why_accept),
        Turn(
            "receive_handover",
            pgettext_lazy("step", "Sign for"),
            "signature",
            _in(State.HANDED_OVER),
            _("Handed over to you, not signed for yet"),
        ),
        Turn(
            "complete_handover",
            pgettext_lazy("step", "Complete"),
            "checks",
            _in(State.HANDOVER_RECEIVED),
            _("Received; enter the other process's number and the result"),
        ),
        Turn(
            "respond",
            pgettext_lazy("step", "Answer"),
            "phone-outgoing",
            lambda d: d.state != State.RELAYED and not RESPONDED(d),
            _why_respond,
        ),
        Turn(
            "screen_as_incident",
            pgettext_lazy("step", "Screen"),
            "filter",
            _in(State.ACCEPTED),
            _("Answered, to be screened"),
        ),
        Turn(
            "decide_escalation",
            pgettext_lazy("step", "Decide"),
            "rubber-stamp",
            lambda d: d.escalation_state in UNDECIDED_ESCALATION,
            _why_decide,
        ),
        Turn(
            "countersign",
            pgettext_lazy("step", "Countersign"),
            "signature",
            lambda d: d.escalation_state == EscalationState.DECIDED,
            _("Decided by the head; waits for your countersignature"),
        ),
        Turn(
            "answer_report",
            pgettext_lazy("step", "Answer the desk"),
            "message-circle",
            lambda d: d.reported_at is not None and d.report_answered_at is None,
            _("The desk asks you to step in or to answer"),
        ),
        Turn(
            "give_opinion",
            pgettext_lazy("step", "Give opinion"),
            "message-plus",
            _in(State.REQUEST_REVIEW),
            _("Service request; waits for your opinion"),
        ),
        Turn(
            "accept_request",
            pgettext_lazy("step", "Decide"),
            "rubber-stamp",
            lambda d: d.head_agrees is True,
            _("Both opinions are there; decide on the request"),
        ),
        Turn(
            "decline_request",
            pgettext_lazy("step", "Decline"),
            "ban",
            lambda d: d.head_agrees is False,
            _("You did not agree; decline it with the reason"),
        ),
        Turn(
            "classify",
            pgettext_lazy("step", "Classify"),
            "category",
            _in(State.SCREENED),
            _("The time allowed follows from the level"),
        ),
        Turn(
            "confirm_contract_notes",
            pgettext_lazy("step", "Read contract"),
            "file-text",
            lambda d: d.contract_notes_due and d.contract_notes_confirmed_at is None,
            _("The contract says how this is handled; read it first"),
        ),
        Turn(
            "look_up",
            pgettext_lazy("step", "Look it up"),
            "book-2",
            lambda d: d.looked_up_at is None,
            _("Handling starts after a look into the knowledge base"),
        ),
        Turn(
            "start",
            pgettext_lazy("step", "Start"),
            "player-play",
            _in(State.CLASSIFIED),
            _("Looked up; handling can start"),
        ),
        Turn(
            "request_escalation",
            pgettext_lazy("step", "Request problem"),
            "bug",
            lambda d: d.escalation_state == EscalationState.REQUIRED,
            _why_escalate,
        ),
        Turn(
            "communicate",
            pgettext_lazy("step", "Update customer"),
            "phone-outgoing",
            lambda d: _answer_due(d) or update_due(d, now()),
            _why_communicate,
        ),
        Turn(
            "complete_request",
            pgettext_lazy("step", "Complete"),
            "checks",
            _in(State.REQUEST_IN_PROGRESS),
            _("The customer knows; enter the result when it is done"),
        ),
        Turn(
            "write_plan",
            pgettext_lazy("step", "Write the plan"),
            "clipboard-text",
            lambda d: d.state == State.IN_PROGRESS and not PLANNED(d),
            _("Levels 1 and 2 need a plan before they are resolved"),
        ),
        Turn(
            "resume",
            pgettext_lazy("step", "Go on"),
            "player-play",
            _in(State.WAITING_CUSTOMER),
            _("Waiting for the customer"),
            awaits="customer",
        ),
        Turn(
            "log_handling",
            pgettext_lazy("step", "Handle"),
            "tools",
            lambda d: d.handled_at is None,
            _("In progress; record what is done and what comes of it"),
        ),
        Turn(
            "resolve",
            pgettext_lazy("step", "Resolve"),
            "check",
            _in(State.IN_PROGRESS),
            _("Handling is recorded; write cause and solution when it works again"),
        ),
        Turn(
            "state_breach_reason",
            pgettext_lazy("step", "State the cause"),
            "clock-exclamation",
            lambda d: d.state == State.RESOLVED and is_late(d) and not d.breach_reason,
            _("Solved late: the cause is needed before closing"),
        ),
        Turn(
            "confirm",
            pgettext_lazy("step", "Confirmation"),
            "message-check",
            lambda d: d.state == State.RESOLVED and not all(asked(d) for asked in CONFIRMATION),
            _("Waiting for the customer's confirmation"),
            awaits="customer",
        ),
        Turn(
            "close",
            pgettext_lazy("step", "Close"),
            "circle-check",
            _in(State.RESOLVED),
            _("Confirmed by the customer; can be closed"),
        ),
        Turn("file", pgettext_lazy("step", "File"), "archive", _in(State.CLOSED), _("Closed; the form can be filed")),
        Turn(
            "add_annex",
            pgettext_lazy("step", "Add annex"),
            "paperclip",
            lambda d: d.state == State.CLOSED and d.completion_asked_at is not None,
            _("The custodian asks for an addition"),
        ),
    )
}
