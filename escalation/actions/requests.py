"""Asking whether an incident becomes a problem, and what ends the question unanswered (clause 5.4.5, E1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Role
from accounts.queries import holders
from base.clock import now
from escalation.actions.common import decision_clock, tell
from escalation.models import EscalationRequest
from escalation.queries import deciders
from incidents.actions import closing, screening
from incidents.actions.steps import require, working
from incidents.models import Declaration, EscalationState
from ledger.actions import RecordChange
from sla import actions as sla


def request_escalation(
    declaration_id: int, *, version: int | None, actor: Actor, reason: str, trigger: str = ""
) -> EscalationRequest:
    """The acceptor asks the head whether the incident becomes a problem (E1).

    The trigger follows from the classification; without one it is another reason (R-5.4.5-2). Heads do not
    decide what they asked for: their deputies do, else the level above (A-10).
    """
    with working(declaration_id, "request_escalation", version=version, actor=actor) as opened:
        declaration = opened.record
        triggers = declaration.escalation_triggers or [EscalationRequest.Trigger.OTHER]
        require(
            reason=None if reason.strip() else _("Say why it should become a problem."),
            trigger=None if trigger in ("", *triggers) else _("This trigger does not apply here."),
        )
        request = opened.add(
            EscalationRequest(
                declaration=declaration,
                by=actor.user,
                at=now(),
                trigger=trigger or triggers[0],
                reason=reason,
                decision_clock=decision_clock(declaration),
            )
        )
        people, climbed = deciders(declaration.department, actor.user)
        declaration.request_escalation(escalation_state=EscalationState.REQUESTED, escalation_climbed=climbed)
        tell(declaration, "escalation.requested", people, cycle=request.pk)
    return request


def withdraw(declaration_id: int, **values: Any) -> Declaration:
    """The customer takes the declaration back (T26), and what was asked of the head about it lapses."""
    return closing.withdraw(declaration_id, ending=lapse, **values)


def change_type(declaration_id: int, **values: Any) -> Declaration:
    """Correct the type (T27), and what was asked of the head about the incident lapses."""
    return screening.change_type(declaration_id, ending=lapse, **values)


def lapse(opened: RecordChange[Declaration]) -> None:
    """End the request that stands open, inside the step in which its incident ceases to be one.

    Nobody has to decide or countersign it any more; a problem that was raised already goes on (A-11).
    """
    declaration, at = opened.record, now()
    standing = declaration.escalationrequest_rows.filter(state__in=EscalationRequest.STANDING)
    request = standing.select_related("decision_clock", "countersign_clock").first()
    if request is None:
        return
    opened.track(request)
    waited_for = holders(Role.RISK_CONTROL) if request.is_decided else deciders(declaration.department, request.by)[0]
    for clock in (request.decision_clock, request.countersign_clock):
        if clock is not None and clock.stopped_at is None:
            sla.cancel(clock, at)
    request.lapse(lapsed_at=at)
    raised = bool(declaration.problem_number)
    declaration.set(
        escalation_state=EscalationState.SETTLED if raised else EscalationState.LAPSED, escalation_settled_at=at
    )
    tell(declaration, "escalation.lapsed", waited_for, cycle=request.pk)
