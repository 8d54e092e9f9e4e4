"""The first response to the caller (clause 5.4.3, A-07)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact
from base.clock import now
from incidents.actions.attachments import Upload, attach_all
from incidents.actions.clocks import call_off_warnings
from incidents.actions.steps import foreign_contact, impossible_moment, require, working
from incidents.models import Communication, Declaration
from ledger.actions import RecordChange
from sla import actions as sla


def respond(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    way: str,
    text: str,
    contact: Contact | None = None,
    to: str = "",
    responded_at: datetime | None = None,
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """Record the first feedback that a person gave to the caller; it stops the response clock when it was given."""
    with working(declaration_id, "respond", version=version, actor=actor, uploads=attachments) as step:
        given_at = responded_at or now()
        require(
            text=None if text.strip() else _("Write what the caller was told."),
            contact=foreign_contact(step.record, contact),
            responded_at=impossible_moment(given_at, step.record),
        )
        row = record_first_response(step, actor=actor, way=way, text=text, contact=contact, to=to, at=given_at)
        attach_all(step, attachments, actor=actor, row=row)
    return step.record


def record_first_response(
    step: RecordChange[Declaration],
    *,
    actor: Actor,
    way: str,
    text: str,
    at: datetime,
    contact: Contact | None = None,
    to: str = "",
    from_customer: bool = False,
    promised_at: datetime | None = None,
) -> Communication:
    """Write the first response inside an open step: the message, the columns and the stopped clock."""
    declaration = step.record
    declaration.respond(**response_columns(declaration, at, way, actor))
    message = first_response(declaration, actor=actor, way=way, text=text, contact=contact, to=to, at=at)
    message.from_customer, message.promised_at = from_customer, promised_at
    row = step.add(message)
    if declaration.response_clock:
        sla.stop(declaration.response_clock, at)
        call_off_warnings(step, "response")
    return row


def response_columns(declaration: Declaration, at: datetime, way: str, actor: Actor) -> dict[str, object]:
    """The columns of a first response."""
    return {
        "first_response_at": at,
        "first_response_way": way,
        "first_response_by": actor.user,
        "communicated_at": max(declaration.communicated_at or at, at),
    }


def first_response(
    declaration: Declaration, *, actor: Actor, way: str, text: str, at: datetime, contact: Contact | None, to: str
) -> Communication:
    """The message of a first response, not saved yet."""
    return Communication(
        declaration=declaration,
        by=actor.user,
        at=at,
        recorded_at=now(),
        way=way,
        contact=contact,
        to=to,
        text=text,
        is_first_response=True,
    )
