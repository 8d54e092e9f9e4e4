"""Deciding and countersigning: three different people ask, decide and countersign (clause 5.4.5, E2 and E3, A-10)."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.models import Role, User
from accounts.queries import holders
from base.clock import now
from escalation.actions.common import countersign_clock, decision_clock, stop, tell
from escalation.actions.problems import raise_problem, withdraw_problem
from escalation.models import Countersignature, Decision, EscalationRequest
from incidents.access import capacities
from incidents.actions.reviewing import await_review
from incidents.actions.steps import require, working
from incidents.models import Capacity, Declaration, EscalationState
from ledger.actions import RecordChange
from ledger.exceptions import NotPermitted, Sentence, Stale
from procedure.queries import rules

SOMEBODY_ELSE: Sentence = gettext_lazy(
    "You cannot decide on what you asked for or decided yourself; somebody else has to."
)
ONE_LEVEL_UP: Sentence = gettext_lazy("You cannot decide your own request; it went one level up.")


def decide_escalation(
    declaration_id: int, *, version: int | None, actor: Actor, approved: bool, reason: str
) -> EscalationRequest:
    """The head, or the level above, approves or refuses with the reason (E2); approval takes effect at once (A-10).

    `version` is that of the request. Raises NotPermitted on one's own request, Stale naming who decided before. A
    refusal after an objection withdraws the problem that the first approval had raised.
    """
    with working(declaration_id, "decide_escalation", version=None, actor=actor, expecting=_as_seen(version)) as opened:
        declaration = opened.record
        require(reason=None if reason.strip() else _("Give the reason of the decision."))
        request = opened.track(_open_request(declaration))
        _refuse_requester(actor, declaration, request)
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
                clock=request.decision_clock,
            )
        )
        request.decide(approved=approved, decided_by=actor.user, decided_at=at)
        stop(request.decision_clock, at)
        if not approved:
            await_review(declaration)
        _after_decision(opened, request, reason)
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
        if actor.user is not None and actor.user.pk in (request.by_id, request.decided_by_id):
            raise NotPermitted(SOMEBODY_ELSE, clause="5.4.5")
        opened.add(
            Countersignature(
                declaration=declaration,
                request=request,
                by=actor.user,
                at=now(),
                agrees=agrees,
                opinion=opinion,
                clock=request.countersign_clock,
            )
        )
        request.countersign(agrees=agrees)
        stop(request.countersign_clock, now())
        _after_countersignature(opened, request, agrees)
    return request


def _as_seen(version: int | None) -> Callable[[Declaration], None]:
    """Judge the version of the last request first, so that whoever comes second hears who was faster."""

    def expecting(declaration: Declaration) -> None:
        request = declaration.escalationrequest_rows.order_by("-pk").first()
        if request is not None and version not in (None, request.version):
            raise _overtaken(declaration, request)

    return expecting


def _overtaken(declaration: Declaration, request: EscalationRequest) -> Stale:
    words = request.decisions if request.is_decided else request.countersignatures
    last = words.select_related("by").last()
    if last is None or last.by is None:
        return Stale(declaration)
    seen = EscalationState.REQUESTED if request.is_decided else EscalationState.DECIDED
    return Stale(
        declaration,
        changed_by=last.by.name,
        changed_at=last.at,
        changed={"escalation_state": (seen.value, declaration.escalation_state)},
    )


def _open_request(declaration: Declaration) -> EscalationRequest:
    states = [EscalationRequest.State.REQUESTED, EscalationRequest.State.OBJECTED]
    return declaration.escalationrequest_rows.select_related("decision_clock").get(state__in=states)


def _decided_request(declaration: Declaration) -> EscalationRequest:
    states = [EscalationRequest.State.APPROVED, EscalationRequest.State.REFUSED]
    return declaration.escalationrequest_rows.select_related("countersign_clock").get(state__in=states)


def _refuse_requester(actor: Actor, declaration: Declaration, request: EscalationRequest) -> None:
    if actor.user is not None and actor.user.pk == request.by_id:
        raise NotPermitted(ONE_LEVEL_UP if declaration.escalation_climbed else SOMEBODY_ELSE, clause="5.4.5")


def _deputised(actor: Actor, declaration: Declaration) -> User | None:
    standing = capacities(actor, declaration)
    held = standing.get(Capacity.HEAD) or standing.get(Capacity.NEXT_LEVEL)
    return held.on_behalf_of if held else None


def _after_decision(opened: RecordChange[Declaration], request: EscalationRequest, reason: str) -> None:
    declaration = opened.record
    book = rules(declaration.procedure_version_id)
    mode = book.parameter("risk_control_mode")
    awaited = mode != "informed"
    request.countersign_clock = countersign_clock(declaration, book) if awaited else None
    declaration.decide_escalation(
        escalation_state=EscalationState.DECIDED if awaited else EscalationState.SETTLED,
        escalation_settled_at=None if awaited else request.decided_at,
    )
    if not request.approved:
        withdraw_problem(opened, request, reason)
    elif mode != "before_effect":
        raise_problem(opened, request)
    tell(declaration, "escalation.countersign", holders(Role.RISK_CONTROL), cycle=request.version)
    tell(declaration, "escalation.decided", [request.by], cycle=request.version)


def _after_countersignature(opened: RecordChange[Declaration], request: EscalationRequest, agrees: bool) -> None:
    declaration = opened.record
    if agrees:
        if request.approved:
            raise_problem(opened, request)
        declaration.countersign(escalation_state=EscalationState.SETTLED, escalation_settled_at=now())
        tell(declaration, "escalation.countersigned", [request.by, request.decided_by], cycle=request.version)
        return
    request.decision_clock = decision_clock(declaration)
    declaration.countersign(escalation_state=EscalationState.OBJECTED)
    tell(declaration, "escalation.objected", [request.decided_by], cycle=request.version)
