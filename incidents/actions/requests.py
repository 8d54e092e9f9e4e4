"""Service requests: opinions, decision and completion (T7 to T9, A-18)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from accounts.actors import Actor, local_day
from base.clock import now
from incidents.access import capacities
from incidents.actions.notices import notify_of
from incidents.actions.steps import require, working
from incidents.models import Capacity, Declaration, Opinion
from incidents.models.guards import BOTH_OPINIONS
from ledger.exceptions import NotPermitted

OPINION_COLUMN = {Capacity.HEAD: "head_agrees", Capacity.RISK_CONTROL: "risk_control_agrees"}


def give_opinion(
    declaration_id: int, *, version: int | None, actor: Actor, agrees: bool, text: str, role: str = ""
) -> Declaration:
    """The head of department says whether it can be delivered, risk control what speaks against it (R-5.4.2-5).

    Who is both names the `role` in which the opinion is given. What the customer heard before is not yet the answer;
    where the head speaks against it, the desk is asked to tell the customer.
    """
    with working(declaration_id, "give_opinion", version=version, actor=actor) as step:
        require(text=None if text.strip() else _("Give your opinion in a sentence."))
        capacity = _speaking_as(actor, step.record, role)
        step.signature = actor.signature(capacities(actor, step.record)[capacity])
        step.record.give_opinion(customer_answered_at=None, **{OPINION_COLUMN[capacity]: agrees})
        step.add(
            Opinion(declaration=step.record, by=actor.user, at=now(), role=capacity.value, agrees=agrees, text=text)
        )
        if BOTH_OPINIONS(step.record) and not step.record.head_agrees:
            notify_of(step.record, "request.opposed", [step.record.desk])
    return step.record


def _speaking_as(actor: Actor, declaration: Declaration, role: str) -> Capacity:
    standing = [capacity for capacity in OPINION_COLUMN if capacity in capacities(actor, declaration)]
    wanted = [capacity for capacity in standing if not role or capacity == role]
    if not wanted:
        raise NotPermitted(_("You do not hold this role for this department."), clause="5.4.2")
    return wanted[0]


def accept_request(declaration_id: int, *, version: int | None, actor: Actor, reason: str) -> Declaration:
    """The head of department takes the request on (T7)."""
    with working(declaration_id, "accept_request", version=version, actor=actor) as step:
        require(reason=None if reason.strip() else _("Give the reason of the decision."))
        # What the customer heard before is not yet the answer.
        step.record.accept_request(request_reason=reason, customer_answered_at=None)
        notify_of(step.record, "request.accepted", [step.record.desk])
    return step.record


def decline_request(declaration_id: int, *, version: int | None, actor: Actor, reason: str) -> Declaration:
    """The head of department declines, once the desk has told the customer in words that stand on the record (T8)."""
    with working(declaration_id, "decline_request", version=version, actor=actor) as step:
        require(reason=None if reason.strip() else _("Give the reason of the decision."))
        step.record.decline_request(request_reason=reason, ended_at=now())
        notify_of(step.record, "request.declined", [step.record.desk])
    return step.record


def complete_request(
    declaration_id: int, *, version: int | None, actor: Actor, result: str, completed_on: date
) -> Declaration:
    """The demand is met (T9)."""
    with working(declaration_id, "complete_request", version=version, actor=actor) as step:
        require(
            result=None if result.strip() else _("Describe the result."),
            completed_on=_completion_problem(step.record, completed_on),
        )
        step.record.complete_request(request_result=result, request_completed_on=completed_on, ended_at=now())
    return step.record


def _completion_problem(declaration: Declaration, completed_on: date) -> str | None:
    if completed_on < local_day(declaration.received_at):
        return _("The day of completion cannot lie before the request came in.")
    return _("The day of completion cannot lie in the future.") if completed_on > local_day(now()) else None
