"""The guards of the moves: each a sentence that says what to do next, with the clause that asks for it."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from base.clock import now
from incidents.models.choices import INTERNAL_CHANNELS, UNDECIDED_ESCALATION, EscalationState, Impact, Type
from incidents.models.fields import DeclarationFields
from incidents.models.moves import Guard
from procedure.queries import rules


def is_reachable(declaration: DeclarationFields) -> bool:
    """Whether there is somebody who can be told something: a person, a number or another means is known."""
    return bool(declaration.contact_id or declaration.caller_phone or declaration.contact_means)


def _is_anonymous(declaration: DeclarationFields) -> bool:
    return not is_reachable(declaration) and declaration.channel not in INTERNAL_CHANNELS


def is_late(declaration: DeclarationFields) -> bool:
    """Whether the resolution was, or by now is, not strictly before its due time (A-03); not while the clock stands."""
    if declaration.due_at is None or declaration.clock_stands:
        return False
    return (declaration.resolved_at or now()) >= declaration.due_at


def _within_reopening(declaration: DeclarationFields) -> bool:
    book = rules(declaration.procedure_version_id)
    if declaration.closed_at is None or not book.parameter("reopening_used"):
        return False
    return now() <= declaration.closed_at + timedelta(days=book.parameter("reopen_days"))


def _has_enough_attempts(declaration: DeclarationFields) -> bool:
    book = rules(declaration.procedure_version_id)
    enough = declaration.unanswered_attempts >= book.parameter("closing_attempts")
    return enough and bool(book.parameter("closing_after_attempts_used"))


CUSTOMER_CHOSEN = Guard(
    _("The customer is not known yet: choose it when screening."),
    "5.4.2",
    lambda d: d.customer_id is not None,
    basis="added",
)
CALLER_UNREGISTERED = Guard(
    _("A contact of the customer stands on the record already."),
    "5.4.2",
    lambda d: d.contact_id is None,
    basis="added",
)
CALLER_TYPED = Guard(
    _("Nothing was written down of the caller: add the contact on the customer's page, then tie the record to it."),
    "5.4.2",
    lambda d: bool(d.caller_name or d.caller_phone),
    basis="added",
)
RESPONDED = Guard(
    _("Give the caller a first response and record it."),
    "5.4.3",
    lambda d: d.first_response_at is not None or _is_anonymous(d),
    basis="reading",
)
NOT_RESPONDED = Guard(
    _("The first response is recorded already; record further contact as communication."),
    "5.4.3",
    lambda d: d.first_response_at is None,
    basis="reading",
)
NOTES_CONFIRMED = Guard(
    _("Read and confirm the handling notes of the contract first."),
    "5.4.4",
    lambda d: not d.contract_notes_due or d.contract_notes_confirmed_at is not None,
)
NOTES_OPEN = Guard(
    _("This contract has no handling notes left to confirm."),
    "5.4.4",
    lambda d: d.contract_notes_due and d.contract_notes_confirmed_at is None,
)
LOOKED_UP = Guard(
    _("Consult the knowledge base before you start."),
    "5.4.4",
    lambda d: d.looked_up_at is not None,
)
PLANNED = Guard(
    _("Write the plan first; levels 1 and 2 need one."),
    "5.4.4",
    lambda d: d.priority not in (1, 2) or bool(d.plan),
)
HANDLED = Guard(
    _("Record at least one handling step with its result first."),
    "5.4.4",
    lambda d: d.handled_at is not None,
    basis="reading",
)
MINOR = Guard(
    _("The quick solve is for minor impact only."),
    "5.4.4",
    lambda d: d.impact == Impact.MINOR,
)
NO_TWIN = Guard(
    _("Its information security stands on a record of its own already."),
    "5.4.2",
    lambda d: d.security_twin_at is None,
    basis="reading",
)
IS_INCIDENT = Guard(
    _("Only beside a disturbed service; anything else is handed over itself."),
    "5.4.2",
    lambda d: d.type == Type.INCIDENT,
    basis="reading",
)
VISIT_OPEN = Guard(
    _("Nobody is on site: every visit has its departure."),
    "5.4.4",
    lambda d: d.visits_open > 0,
    basis="reading",
)
REPORTED_OR_LEVEL_1 = Guard(
    _("Taking over needs level 1 or a report of the desk."),
    "5.4.4",
    lambda d: d.priority == 1 or d.reported_at is not None,
    basis="reading",
)
REPORT_OPEN = Guard(
    _("There is no report waiting for an answer."),
    "5.4.4",
    lambda d: d.reported_at is not None and d.report_answered_at is None,
)
COMMUNICATED = Guard(
    _("Keep the customer informed: record at least one contact first."),
    "5.4.6",
    lambda d: d.communicated_at is not None,
)
LATE = Guard(
    _("The time allowed is not missed, so there is no cause to state."),
    "5.4.6",
    is_late,
)
BREACH_EXPLAINED = Guard(
    _("The time allowed was missed: state the cause first."),
    "5.4.6",
    lambda d: not is_late(d) or bool(d.breach_reason),
    basis="reading",
)
ESCALATION_REQUESTED = Guard(
    _("Severe or repeated: request the escalation to a problem first."),
    "5.4.5",
    lambda d: d.escalation_state != EscalationState.REQUIRED,
)
ESCALATION_DECIDED = Guard(
    _("The escalation is undecided: wait for the head of department."),
    "5.4.5",
    lambda d: d.escalation_state not in UNDECIDED_ESCALATION,
)
REQUIRED_ESCALATION_DECIDED = Guard(
    _("The escalation is undecided: wait for the head of department."),
    "5.4.5",
    lambda d: not d.escalation_triggers or ESCALATION_DECIDED(d),
)
ESCALATION_COUNTERSIGNED = Guard(
    _("Risk control has not countersigned the decision yet."),
    "5.4.5",
    lambda d: d.escalation_state != EscalationState.DECIDED,
    basis="reading",
)
# Closing waits for every escalation, also for one that nobody had to ask for; leaving only for a required one.
ESCALATION_SETTLED = (ESCALATION_REQUESTED, ESCALATION_DECIDED, ESCALATION_COUNTERSIGNED)
NO_REQUIRED_ESCALATION_OPEN = (ESCALATION_REQUESTED, REQUIRED_ESCALATION_DECIDED)
MAY_REQUEST_ESCALATION = Guard(
    _("An escalation is requested or settled already."),
    "5.4.5",
    lambda d: d.escalation_state in (EscalationState.NONE, EscalationState.REQUIRED, EscalationState.LAPSED),
)
DECISION_DUE = Guard(
    _("There is no escalation waiting for a decision."),
    "5.4.5",
    lambda d: d.escalation_state in UNDECIDED_ESCALATION,
)
COUNTERSIGNATURE_DUE = Guard(
    _("There is no decision waiting for a countersignature."),
    "5.4.5",
    lambda d: d.escalation_state == EscalationState.DECIDED,
)
CONFIRMED = Guard(
    _("Ask the customer to confirm, or record enough unanswered attempts."),
    "5.4.7",
    lambda d: d.confirmed_at is not None or _has_enough_attempts(d),
    basis="reading",
)
CONFIRMED_BY_RIGHT = Guard(
    _("This person may not confirm: give the reason, or ask one who may."),
    "5.4.7",
    lambda d: d.confirmation_authorised is not False or bool(d.unauthorised_confirmation_reason),
    basis="reading",
)
CONFIRMED_IN_WRITING = Guard(
    _("This contract asks for a signed and stamped confirmation; upload its scan."),
    "5.4.7",
    lambda d: not d.written_confirmation_due or d.confirmed_in_writing,
    basis="reading",
)
MAY_REOPEN = Guard(
    _("The time for reopening is over; log a new declaration and link it."),
    "5.4.7",
    _within_reopening,
    basis="added",
)
BOTH_OPINIONS = Guard(
    _("The head of department and risk control must both give their opinion first."),
    "5.4.2",
    lambda d: d.head_agrees is not None and d.risk_control_agrees is not None,
    basis="reading",
)
HEAD_AGREES = Guard(
    _("The head of department did not agree; decline the request instead."),
    "5.4.2",
    lambda d: d.head_agrees is not False,
    basis="reading",
)
RISK_CONTROL_OPINION = Guard(
    _("Risk control must give its opinion first."),
    "5.4.2",
    lambda d: d.risk_control_agrees is not None,
    basis="reading",
)
CUSTOMER_TOLD = Guard(
    _("Have the desk tell the customer first, and record in which words."),
    "5.4.2",
    lambda d: d.customer_answered_at is not None,
    basis="reading",
)
CUSTOMER_ANSWERED = Guard(
    _("Tell the customer the answer and record it first."),
    "5.4.2",
    lambda d: d.customer_answered_at is not None,
    basis="reading",
)
