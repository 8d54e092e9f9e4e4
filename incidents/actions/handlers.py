"""Who handles it (T18, R-5.4.4-1)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import User
from base.clock import now
from incidents.access.people import handlers
from incidents.actions.notices import notify_of
from incidents.actions.steps import require, working
from incidents.models import Declaration, HandlerChange
from ledger.actions import RecordChange


def reassign(declaration_id: int, *, version: int | None, actor: Actor, to: User, reason: str) -> Declaration:
    """Another person handles it from now on (T18)."""
    with working(declaration_id, "reassign", version=version, actor=actor) as step:
        require(
            to=_assignment_problem(step.record, to),
            reason=None if reason.strip() else _("Say why it changes hands."),
        )
        change_handler(step, actor, to, reason)
        step.record.reassign()
        notify_of(step.record, "incident.assigned", [to])
    return step.record


def take_on(declaration_id: int, *, version: int | None, actor: Actor, reason: str) -> Declaration:
    """A desk of the department takes over what a colleague handles, who is away or has too much; both are told.

    The customer's desk stays accountable for contact and form, as when the head takes over (A-16).
    """
    with working(declaration_id, "take_on", version=version, actor=actor) as step:
        require(reason=None if reason.strip() else _("Say why it changes hands."))
        assert actor.user is not None
        relieved = [person for person in (step.record.handler, step.record.desk) if person != actor.user]
        change_handler(step, actor, actor.user, reason)
        step.record.take_on()
        notify_of(step.record, "incident.taken_on", relieved)
    return step.record


def _assignment_problem(declaration: Declaration, to: User | None) -> str | None:
    if to is None or not to.is_active:
        return _("Choose somebody who works here.")
    if to.pk == declaration.handler_id:
        return _("%(name)s handles it already.") % {"name": to.name}
    if not handlers(declaration).filter(pk=to.pk).exists():
        return _("%(name)s cannot be given this record: it needs its department, or a desk's or head's role.") % {
            "name": to.name
        }
    return None


def change_handler(step: RecordChange[Declaration], actor: Actor, to: User, reason: str) -> None:
    """Write the change of handler inside an open step."""
    step.add(
        HandlerChange(
            declaration=step.record,
            by=actor.user,
            at=now(),
            from_user=step.record.handler,
            to_user=to,
            reason=reason,
        )
    )
    step.record.handler = to
