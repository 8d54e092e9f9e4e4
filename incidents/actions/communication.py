"""Keeping the customer informed and waiting for them (clause 5.4.6)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Contact
from config.clock import now
from incidents.actions.intake import record_first_response
from incidents.actions.screening import end_waiting
from incidents.actions.steps import foreign_contact, impossible_moment, require, working
from incidents.models import Communication, Declaration, State, Waiting
from ledger.actions import Step
from sla import actions as sla

REQUEST_STATES = (State.REQUEST_REVIEW, State.REQUEST_IN_PROGRESS)


def communicate(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    way: str,
    text: str,
    contact: Contact | None = None,
    to: str = "",
    happened_at: datetime | None = None,
    reached: bool = True,
) -> Declaration:
    """Log one contact with the customer (R-5.4.6-1).

    The first one by a person is the first response if none was recorded. One that did not reach anybody counts as an
    attempt towards closing without an answer (A-23).
    """
    with working(declaration_id, "communicate", version=version, actor=actor) as step:
        declaration, at = step.record, happened_at or now()
        require(
            text=None if text.strip() else _("Write what was said."),
            contact=foreign_contact(declaration, contact),
            happened_at=impossible_moment(at, declaration),
        )
        if declaration.first_response_at is None and reached:
            record_first_response(step, actor=actor, way=way, text=text, contact=contact, to=to, at=at)
        else:
            add_communication(step, actor=actor, way=way, text=text, contact=contact, to=to, at=at, reached=reached)
        declaration.communicate(**_columns(declaration, at, reached))
    return declaration


def add_communication(
    step: Step[Declaration],
    *,
    actor: Actor,
    way: str,
    text: str,
    at: datetime,
    contact: Contact | None = None,
    to: str = "",
    reached: bool = True,
) -> Communication:
    """Write one contact with the customer inside an open step."""
    return step.add(
        Communication(
            declaration=step.record,
            by=actor.user,
            at=at,
            recorded_at=now(),
            way=way,
            contact=contact,
            to=to,
            text=text,
            reached=reached,
        )
    )


def _columns(declaration: Declaration, at: datetime, reached: bool) -> dict[str, object]:
    if not reached:
        # An attempt to have a solution confirmed lies after it.
        if declaration.resolved_at is None or at < declaration.resolved_at:
            return {}
        return {
            "unanswered_attempts": declaration.unanswered_attempts + 1,
            "first_attempt_at": declaration.first_attempt_at or at,
        }
    columns: dict[str, object] = {"communicated_at": at}
    if declaration.state in REQUEST_STATES:
        columns["customer_answered_at"] = at
    return columns


def wait(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    awaits: str,
    basis: str,
    contact: Contact | None = None,
) -> Declaration:
    """Wait for the customer (T17); the clock stops only where the contract allows it (A-06)."""
    with working(declaration_id, "wait", version=version, actor=actor) as step:
        require(
            awaits=None if awaits.strip() else _("Say what the customer has to provide."),
            contact=foreign_contact(step.record, contact),
            basis=None if basis.strip() else _("Say on what basis: the mail or call in which it was asked for."),
        )
        declaration, at = step.record, now()
        stops_clock = declaration.contract is not None and declaration.contract.pause_allowed
        step.add(
            Waiting(
                declaration=declaration,
                by=actor.user,
                at=at,
                awaits=awaits,
                contact=contact,
                basis=basis,
                stops_clock=stops_clock,
            )
        )
        if stops_clock and declaration.resolution_clock:
            sla.pause(declaration.resolution_clock, at)
        declaration.wait()
    return declaration


def resume(declaration_id: int, *, version: int | None, actor: Actor, received: str, way: str) -> Declaration:
    """The customer has answered; the clock goes on and the due time moves by what was waited (T17)."""
    with working(declaration_id, "resume", version=version, actor=actor) as step:
        require(received=None if received.strip() else _("Say what came in."))
        end_waiting(step, now(), received, way)
        clock = step.record.resolution_clock
        if clock and clock.paused_at:
            sla.resume(clock, now())
            step.record.due_at = clock.due_at
        step.record.resume()
    return step.record
