"""What the pages of decisions, hand-overs and filing read."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from accounts.actors import Actor
from accounts.models import Role, User
from accounts.queries import holders
from escalation.models import Countersignature, Decision, EscalationRequest
from incidents.access import declarations, handed_to
from incidents.models import (
    STANDING,
    Communication,
    Declaration,
    HandlingStep,
    Handover,
    Opinion,
    Report,
    State,
)
from record_form.verbs import VERBS

LIMIT = 100
RECENT = 20
HANDED = (State.HANDED_OVER, State.HANDOVER_RECEIVED)


@dataclass(frozen=True)
class Matter:
    """One declaration with what a decision about it looks at."""

    declaration: Declaration
    request: EscalationRequest | None = None
    decisions: list[Decision] = field(default_factory=list)
    objections: list[Countersignature] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    answer: Communication | None = None
    progress: HandlingStep | None = None
    problem_managers: list[User] = field(default_factory=list)
    risk_control: list[User] = field(default_factory=list)


def matter_of(declaration: Declaration, verb: str) -> Matter:
    """What belongs to the step `verb` on this declaration; at most six statements."""
    if VERBS[verb].version_of == "request":
        return _escalation(declaration, verb)
    progress = _progress(declaration)
    if verb == "answer_report":
        waiting = Report.objects.filter(declaration=declaration, answered_at=None).select_related("by").order_by("pk")
        return Matter(declaration, reports=list(waiting), progress=progress)
    opinions = Opinion.objects.filter(declaration=declaration).select_related("by").order_by("pk")
    return Matter(declaration, opinions=list(opinions), answer=_answer(declaration))


def _answer(declaration: Declaration) -> Communication | None:
    """In which words the customer was told what becomes of the request."""
    if declaration.customer_answered_at is None:
        return None
    communications = Communication.objects.filter(
        STANDING, declaration=declaration, at=declaration.customer_answered_at
    )
    return communications.select_related("by").order_by("-pk").first()


def _escalation(declaration: Declaration, verb: str) -> Matter:
    request = last_request(declaration)
    repeated = request is not None and (request.objections > 0 or verb == "countersign")
    return Matter(
        declaration,
        request=request,
        decisions=list(request.decisions.select_related("by").order_by("pk")) if request and repeated else [],
        objections=list(request.countersignatures.filter(agrees=False).select_related("by").order_by("pk"))
        if request and request.objections
        else [],
        progress=_progress(declaration),
        problem_managers=holders(Role.PROBLEM_MANAGER) if verb == "decide_escalation" else [],
        risk_control=holders(Role.RISK_CONTROL) if verb == "decide_escalation" else [],
    )


def last_request(declaration: Declaration) -> EscalationRequest | None:
    """The latest escalation request of this declaration; one row."""
    found = EscalationRequest.objects.filter(declaration=declaration).select_related("by", "decided_by")
    return found.order_by("-pk").first()


def _progress(declaration: Declaration) -> HandlingStep | None:
    return HandlingStep.objects.filter(STANDING, declaration=declaration).order_by("-at", "-pk").first()


def handovers_to(actor: Actor, *, completed: bool = False) -> list[Handover]:
    """What was handed to `actor` or to whom they stand in for: to be done oldest first, or the last ones completed.

    One statement.
    """
    own = Declaration.objects.filter(handed_to(actor)).values("pk")
    found = _handovers().filter(declaration__in=own, receiver=F("declaration__receiver"))
    if completed:
        return list(found.filter(completed_at__isnull=False).order_by("-completed_at")[:RECENT])
    return list(found.filter(completed_at__isnull=True).order_by("at", "pk")[:LIMIT])


def handovers_from(actor: Actor) -> list[Handover]:
    """What the own desk or department has handed over and nobody has completed, oldest first; one statement."""
    own = Q(declaration__customer__in=actor.customers(Role.SERVICE_DESK))
    own |= Q(declaration__department__in=actor.departments(Role.DUTY_DESK, Role.DEPARTMENT_HEAD))
    seen = declarations(actor).filter(state__in=HANDED).order_by().values("pk")
    found = _handovers().filter(own, completed_at__isnull=True, declaration__in=seen)
    return list(found.order_by("at", "pk")[:LIMIT])


def open_handover(declaration: Declaration) -> Handover | None:
    """The hand-over that is under way, else the last one; one row."""
    return _handovers().filter(declaration=declaration).order_by("-pk").first()


def _handovers() -> QuerySet[Handover]:
    found = Handover.objects.filter(returned_at__isnull=True)
    return found.select_related(
        "declaration__customer", "declaration__contact", "receiver", "received_by", "by", "clock__calendar_version"
    )


def closed_records(actor: Actor) -> list[Declaration]:
    """Closed records of the custodian's departments, oldest first; one statement."""
    own = Declaration.objects.filter(department__in=actor.departments(Role.CUSTODIAN), state=State.CLOSED)
    return list(own.select_related("customer", "department").order_by("closed_at", "pk")[:LIMIT])


def filed_records(actor: Actor) -> list[Declaration]:
    """What was filed last in the custodian's departments; one statement, by `declaration_filed`."""
    filed = Declaration.objects.filter(state=State.FILED, filed_at__isnull=False)
    own = filed.filter(department__in=actor.departments(Role.CUSTODIAN))
    return list(own.select_related("customer", "filed_by").order_by("-filed_at")[:RECENT])
