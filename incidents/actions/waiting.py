"""Waiting for the customer (T17, A-06)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact
from base.clock import now
from incidents.actions.attachments import Upload, attach_all
from incidents.actions.clocks import call_off_warnings
from incidents.actions.communication import add_communication, name_of_caller, tell, usual_way
from incidents.actions.steps import foreign_contact, require, working
from incidents.models import Declaration, State, Waiting, Way
from ledger.actions import RecordChange
from sla import actions as sla


def wait(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    awaits: str,
    basis: str,
    contact: Contact | None = None,
    asked_by: str = "",
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """Wait for the customer (T17); the clock stops only where the contract allows it (A-06).

    What is asked stands on the record as words to the customer (R-5.4.6-1). Asking by `asked_by` is the first response
    where nobody had answered yet: met at this second, then the pause.
    """
    with working(declaration_id, "wait", version=version, actor=actor, uploads=attachments) as step:
        require(
            awaits=None if awaits.strip() else _("Say what the customer has to provide."),
            contact=foreign_contact(step.record, contact),
            asked_by=None if asked_by in ("", *Way.values) else _("Say by which means."),
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
        attach_all(step, attachments, actor=actor)
        ask(step, actor, asked_by, awaits, contact)
        if stops_clock and declaration.resolution_clock:
            sla.pause(declaration.resolution_clock, at)
            call_off_warnings(step, "resolution")
        declaration.wait(clock_stands=stops_clock and declaration.due_at is not None and at < declaration.due_at)
    return declaration


def ask(step: RecordChange[Declaration], actor: Actor, asked_by: str, awaits: str, contact: Contact | None) -> None:
    """Write down what the customer was asked for, inside an open step; without a means, by the usual one."""
    declaration, at = step.record, now()
    person = contact or declaration.contact
    to = "" if person else name_of_caller(declaration)
    if asked_by:
        tell(step, actor=actor, way=asked_by, text=awaits, contact=person, to=to, at=at)
    else:
        add_communication(step, actor=actor, way=usual_way(declaration), text=awaits, contact=person, to=to, at=at)
    declaration.set(communicated_at=at)


def resume(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    received: str,
    way: str,
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """The customer has answered; the clock goes on and the due time moves by what was waited (T17)."""
    with working(declaration_id, "resume", version=version, actor=actor, uploads=attachments) as step:
        require(received=None if received.strip() else _("Say what came in."))
        end_waiting(step, now(), received, way)
        attach_all(step, attachments, actor=actor)
        clock = step.record.resolution_clock
        if clock and clock.paused_at:
            sla.resume(clock, now())
            step.record.due_at = clock.due_at
        step.record.resume()
    return step.record


def end_waiting(step: RecordChange[Declaration], at: datetime, received: str = "", way: str = "") -> None:
    """Close the open waiting row, if there is one, inside an open step."""
    declaration = step.record
    if declaration.state != State.WAITING_CUSTOMER:
        return
    declaration.clock_stands = False
    waiting = step.track(declaration.waiting_rows.get(ended_at=None))
    waiting.ended_at, waiting.received, waiting.way = at, received, way
