"""What the receiver of a hand-over does: sign, return, complete (T11 to T13)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.acting import Actor
from config.clock import now
from incidents.actions.steps import require, working
from incidents.models import Declaration, Handover, State, Type
from notifications.actions import notify
from sla import actions as sla


def _open_handover(declaration: Declaration) -> Handover:
    return declaration.handover_rows.select_related("clock").get(returned_at=None, completed_at=None)


def receive_handover(declaration_id: int, *, version: int | None, actor: Actor) -> Declaration:
    """Sign for receipt (T11); for sales that already completes it (A-20)."""
    with working(declaration_id, "receive_handover", version=version, actor=actor) as step:
        handover = step.track(_open_handover(step.record))
        at = now()
        handover.received_at, handover.received_by = at, actor.user
        step.record.receive_handover(kind=handover.kind)
        if step.record.state == State.HANDOVER_DONE:
            handover.completed_at = at
            step.record.ended_at = at
        if handover.clock:
            sla.stop(handover.clock, at)
    return step.record


def return_handover(declaration_id: int, *, version: int | None, actor: Actor, reason: str) -> Declaration:
    """Send it back to the desk with the reason (T12)."""
    with working(declaration_id, "return_handover", version=version, actor=actor) as step:
        require(reason=None if reason.strip() else _("Say why it goes back."))
        handover = step.track(_open_handover(step.record))
        handover.returned_at, handover.return_reason = now(), reason
        if handover.clock:
            sla.cancel(handover.clock, now())
        step.record.return_handover(type=Type.UNKNOWN, receiver=None)
        if step.record.desk:
            notify(
                "handover.returned",
                stream=step.record.stream,
                number=step.record.number,
                recipients=[step.record.desk],
                data={},
                cycle=step.record.version,
            )
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
        handover = step.track(_open_handover(step.record))
        handover.completed_at, handover.reference, handover.result = now(), reference, result
        step.record.complete_handover(ended_at=now())
    return step.record
