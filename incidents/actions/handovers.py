"""Hand-overs: sent by the desk, then signed, returned or completed by the receiver (T10 to T13)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from accounts.queries import deputies_of, holders
from base.clock import now
from incidents.access import RECEIVING_ROLES
from incidents.actions.notices import notify_of
from incidents.actions.reminders import forget_unseen
from incidents.actions.scope import (
    NO_ANSWERS,
    NO_PARTY,
    Party,
    ScopeAnswers,
    note_screening,
    screening_problems,
    take_party,
)
from incidents.actions.steps import require, working
from incidents.models import KIND_OF_TYPE, Declaration, Handover, HandoverKind, State, Type
from procedure.queries import rules
from sla import actions as sla
from sla.models import Clock
from sla.queries import calendar_of
from sla.targets import Target


def hand_over(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    type: str,
    receiver: User,
    content: str,
    answers: ScopeAnswers = NO_ANSWERS,
    party: Party = NO_PARTY,
) -> Declaration:
    """Pass a complaint, a security incident or a matter for sales to its named receiver (T10).

    It is a valid declaration, so its party is known (A-14); what goes to sales has answers that lead there (A-17).
    The receiver signs within the parameter `handover_ack`; a security incident is restricted from now on.
    """
    with working(declaration_id, "hand_over", version=version, actor=actor) as step:
        take_party(step.record, party, actor)
        kind = KIND_OF_TYPE.get(Type(type)) if type in Type.values else None
        require(
            type=None if kind else _("Choose a complaint, a security incident or a matter for sales."),
            receiver=receiver_problem(receiver, kind),
            content=None if content.strip() else _("Write what the receiver has to know."),
            **(screening_problems(step.record, Type(type), answers) if kind else {}),
        )
        assert kind is not None
        note_screening(step, actor, Type(type), answers)
        step.record.hand_over(valid=True, receiver=receiver)
        step.add(
            Handover(
                declaration=step.record,
                by=actor.user,
                at=now(),
                kind=kind,
                receiver=receiver,
                content=content,
                clock=_acknowledgement_clock(step.record, kind),
            )
        )
        if step.record.restricted:
            forget_unseen(step.record)
        notify_of(step.record, "handover.sent", [receiver, *deputies_of(receiver, RECEIVING_ROLES[kind])])
    return step.record


def receiver_problem(receiver: User | None, kind: HandoverKind | None) -> str | None:
    """The sentence for nobody, and for somebody who does not receive this kind of hand-over."""
    if receiver is None:
        return _("Choose who receives it.")
    if kind is None:
        return None
    receives = receiver in holders(RECEIVING_ROLES[kind])
    return None if receives else _("%(name)s does not receive this kind of hand-over.") % {"name": receiver.name}


def _acknowledgement_clock(declaration: Declaration, kind: HandoverKind) -> Clock:
    targets = rules(declaration.procedure_version_id).parameter("handover_ack")
    return sla.start_clock(
        "handover",
        started_at=now(),
        target=Target.from_data(targets.get(kind, targets["default"])),
        source="parameter",
        calendar=calendar_of(declaration.contract),
        thresholds=[100],
    )


def open_handover(declaration: Declaration) -> Handover:
    """The one that is neither returned nor completed; raises Handover.DoesNotExist."""
    return declaration.handover_rows.select_related("clock").get(returned_at=None, completed_at=None)


def receive_handover(declaration_id: int, *, version: int | None, actor: Actor) -> Declaration:
    """Sign for receipt (T11); for sales that already completes it (A-20)."""
    with working(declaration_id, "receive_handover", version=version, actor=actor) as step:
        handover = step.track(open_handover(step.record))
        at = now()
        handover.received_at, handover.received_by = at, actor.user
        step.record.receive_handover(kind=handover.kind)
        is_done = step.record.state == State.HANDOVER_DONE
        if is_done:
            handover.completed_at = at
            step.record.ended_at = at
        if handover.clock:
            sla.stop(handover.clock, at)
        notify_of(step.record, "handover.completed" if is_done else "handover.received", [step.record.desk])
    return step.record


def return_handover(declaration_id: int, *, version: int | None, actor: Actor, reason: str) -> Declaration:
    """Send it back to the desk with the reason (T12)."""
    with working(declaration_id, "return_handover", version=version, actor=actor) as step:
        require(reason=None if reason.strip() else _("Say why it goes back."))
        handover = step.track(open_handover(step.record))
        handover.returned_at, handover.return_reason = now(), reason
        if handover.clock:
            sla.cancel(handover.clock, now())
        step.record.return_handover(type=Type.UNKNOWN, receiver=None)
        notify_of(step.record, "handover.returned", [step.record.desk])
    return step.record


def complete_handover(
    declaration_id: int, *, version: int | None, actor: Actor, reference: str, result: str
) -> Declaration:
    """The other process is done: its reference, result and date (T13)."""
    with working(declaration_id, "complete_handover", version=version, actor=actor) as step:
        require(
            reference=None if reference.strip() else _("Give the number in the other process."),
            result=None if result.strip() else _("Describe the result."),
        )
        handover = step.track(open_handover(step.record))
        handover.completed_at, handover.reference, handover.result = now(), reference, result
        step.record.complete_handover(ended_at=now())
        notify_of(step.record, "handover.completed", [step.record.desk])
    return step.record
