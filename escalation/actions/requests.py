"""Asking, deciding, countersigning and handing to problem management (clause 5.4.5, E1 to E4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Role, User
from accounts.queries import head_of, holders
from config.clock import now
from escalation.access import problem_for_working
from escalation.models import Countersignature, Decision, EscalationRequest, Problem
from incidents.access import capacities
from incidents.actions.steps import require, working
from incidents.models import Capacity, Declaration, EscalationState
from incidents.numbering import next_number
from ledger.actions import Step, create, step
from ledger.exceptions import NotPermitted, Stale
from notifications.actions import notify
from procedure.queries import Rules, rules
from sla import actions as sla
from sla.models import Clock
from sla.queries import calendar_of
from sla.targets import Target


def request_escalation(
    declaration_id: int, *, version: int | None, actor: Actor, reason: str, trigger: str = ""
) -> EscalationRequest:
    """The acceptor asks the head whether the incident becomes a problem (E1).

    The trigger follows from the classification; without one it is another reason (R-5.4.5-2).
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
                decision_clock=_decision_clock(declaration),
            )
        )
        declaration.request_escalation(escalation_state=EscalationState.REQUESTED)
        _tell(declaration, "escalation.requested", [head_of(declaration.department)], cycle=request.pk)
    return request


def decide_escalation(
    declaration_id: int, *, version: int | None, actor: Actor, approved: bool, reason: str
) -> EscalationRequest:
    """The head approves or refuses, with the reason (E2); approval takes effect at once (A-10).

    `version` is that of the request. Raises NotPermitted on one's own request, Stale naming who decided before.
    """
    with working(declaration_id, "decide_escalation", version=None, actor=actor, expecting=_as_seen(version)) as opened:
        declaration = opened.record
        require(reason=None if reason.strip() else _("Give the reason of the decision."))
        request = opened.track(open_request(declaration))
        _refuse_same_person(actor, request.by_id)
        at = now()
        opened.add(
            Decision(
                declaration=declaration,
                request=request,
                by=actor.user,
                at=at,
                approved=approved,
                reason=reason,
                on_behalf_of=_deputised(actor, declaration),
            )
        )
        request.decide(approved=approved, decided_by=actor.user, decided_at=at)
        _after_decision(opened, request, at)
    return request


def countersign(
    declaration_id: int, *, version: int | None, actor: Actor, agrees: bool, opinion: str
) -> EscalationRequest:
    """Risk control countersigns the decision, or objects and sends it back to the head (E3).

    `version` is that of the request. Raises NotPermitted on one's own request or decision, Stale as in deciding.
    """
    with working(declaration_id, "countersign", version=None, actor=actor, expecting=_as_seen(version)) as opened:
        declaration = opened.record
        require(opinion=None if opinion.strip() else _("Give your opinion in a sentence."))
        request = opened.track(_decided_request(declaration))
        _refuse_same_person(actor, request.by_id, request.decided_by_id)
        opened.add(
            Countersignature(
                declaration=declaration, request=request, by=actor.user, at=now(), agrees=agrees, opinion=opinion
            )
        )
        request.countersign(agrees=agrees)
        if request.countersign_clock and request.countersign_clock.stopped_at is None:
            sla.stop(request.countersign_clock, now())
        _after_countersignature(opened, request, agrees)
    return request


def acknowledge_problem(problem_id: int, *, version: int | None, actor: Actor, reference: str = "") -> Problem:
    """Problem management signs for the problem and gives it its own number (E4, R-5.4.5-4)."""
    with step(
        Problem,
        problem_id,
        version=None,
        signature=actor.signature(),
        action="acknowledge_problem",
        clause="5.4.5",
    ) as opened:
        opened.signature = actor.signature(problem_for_working(actor, opened.record))
        opened.expect(version)
        opened.record.acknowledged_by = actor.user
        opened.record.acknowledged_at = now()
        opened.record.reference = reference
    return opened.record


def _as_seen(version: int | None) -> Callable[[Declaration], None]:
    """Judge the version of the last request first, so that whoever comes second hears who was faster."""

    def expecting(declaration: Declaration) -> None:
        request = declaration.escalationrequest_rows.order_by("-pk").first()
        if request is not None and version not in (None, request.version):
            raise _overtaken(declaration, request)

    return expecting


def _overtaken(declaration: Declaration, request: EscalationRequest) -> Stale:
    decided = request.state in (EscalationRequest.State.APPROVED, EscalationRequest.State.REFUSED)
    words = request.decisions if decided else request.countersignatures
    last = words.select_related("by").last()
    if last is None or last.by is None:
        return Stale(declaration)
    seen = EscalationState.REQUESTED if decided else EscalationState.DECIDED
    return Stale(
        declaration,
        changed_by=last.by.name,
        changed_at=last.at,
        changed={"escalation_state": (seen.value, declaration.escalation_state)},
    )


def open_request(declaration: Declaration) -> EscalationRequest:
    """The request that waits for the head's decision; raises EscalationRequest.DoesNotExist."""
    states = [EscalationRequest.State.REQUESTED, EscalationRequest.State.OBJECTED]
    return declaration.escalationrequest_rows.get(state__in=states)


def _decided_request(declaration: Declaration) -> EscalationRequest:
    states = [EscalationRequest.State.APPROVED, EscalationRequest.State.REFUSED]
    return declaration.escalationrequest_rows.select_related("countersign_clock").get(state__in=states)


def _refuse_same_person(actor: Actor, *others: int | None) -> None:
    if actor.user is not None and actor.user.pk in others:
        raise NotPermitted(
            _("You cannot decide on what you asked for or decided yourself; somebody else has to."), clause="5.4.5"
        )


def _deputised(actor: Actor, declaration: Declaration) -> User | None:
    held = capacities(actor, declaration).get(Capacity.HEAD)
    return held.on_behalf_of if held else None


def _after_decision(opened: Step[Declaration], request: EscalationRequest, at: datetime) -> None:
    declaration = opened.record
    book = rules(declaration.procedure_version_id)
    if request.decision_clock and request.decision_clock.stopped_at is None:
        sla.stop(request.decision_clock, at)
    awaited = book.parameter("risk_control_mode") != "informed"
    request.countersign_clock = _countersign_clock(declaration, book) if awaited else None
    declaration.decide_escalation(
        escalation_state=EscalationState.DECIDED if awaited else EscalationState.SETTLED,
        escalation_settled_at=None if awaited else at,
    )
    if request.approved and book.parameter("risk_control_mode") != "before_effect":
        raise_problem(opened, request)
    _tell(declaration, "escalation.countersign", holders(Role.RISK_CONTROL), cycle=request.version)
    _tell(declaration, "escalation.decided", [request.by], cycle=request.version)


def _after_countersignature(opened: Step[Declaration], request: EscalationRequest, agrees: bool) -> None:
    declaration = opened.record
    if agrees:
        if request.approved:
            raise_problem(opened, request)
        declaration.countersign(escalation_state=EscalationState.SETTLED, escalation_settled_at=now())
        _tell(declaration, "escalation.countersigned", [request.by, request.decided_by], cycle=request.version)
        return
    request.decision_clock = _decision_clock(declaration)
    declaration.countersign(escalation_state=EscalationState.OBJECTED)
    _tell(declaration, "escalation.objected", [request.decided_by], cycle=request.version)


def raise_problem(opened: Step[Declaration], request: EscalationRequest) -> None:
    """Number the problem of an approved request and hand it to problem management, once."""
    if Problem.objects.filter(request=request).exists():
        return
    declaration = opened.record
    problem = Problem(
        number=next_number("WT", localdate(now())),
        request=request,
        declaration=declaration,
        customer=declaration.customer,
        leaf=declaration.leaf,
        subject=declaration.subject,
        raised_at=now(),
    )
    with create(problem, signature=opened.signature, action="raise_problem", clause="5.4.5"):
        declaration.problem_number = problem.number
    _tell(declaration, "problem.raised", holders(Role.PROBLEM_MANAGER), cycle=request.pk)


def _decision_clock(declaration: Declaration) -> Clock:
    days = rules(declaration.procedure_version_id).parameter("escalation_decision_working_days")
    return sla.start_clock(
        "decision",
        started_at=now(),
        target=Target(days["next_level"], "working_day", "working"),
        source="parameter",
        calendar=calendar_of(declaration.contract),
        thresholds=[100 * days["reminder"] // days["next_level"], 100],
    )


def _countersign_clock(declaration: Declaration, book: Rules) -> Clock:
    return sla.start_clock(
        "countersign",
        started_at=now(),
        target=Target(book.parameter("countersign_working_days"), "working_day", "working"),
        source="parameter",
        calendar=calendar_of(declaration.contract),
        thresholds=[100],
    )


def _tell(declaration: Declaration, event: str, recipients: Sequence[User | None], *, cycle: int) -> None:
    notify(
        event,
        stream=declaration.stream,
        number=declaration.number,
        recipients=[person for person in recipients if person is not None],
        data={"level": declaration.priority},
        cycle=cycle,
    )
