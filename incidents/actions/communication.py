"""Keeping the customer informed (clause 5.4.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Contact
from base.clock import now
from incidents.actions.attachments import Upload, attach_all
from incidents.actions.responses import record_first_response
from incidents.actions.steps import foreign_contact, impossible_moment, require, working
from incidents.models import Communication, Declaration, State, Way
from incidents.queries.attempts import attempt_days
from ledger.actions import RecordChange

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
    from_customer: bool = False,
    promised_at: datetime | None = None,
    attachments: Sequence[Upload] = (),
) -> Declaration:
    """Log one contact with the customer (R-5.4.6-1), in which a new time may have been promised.

    The first one by a person is the first response if none was recorded. One that did not reach anybody counts as an
    attempt towards closing without an answer; several of one day are one (A-23). One that came `from_customer` is a
    contact as any other, as they were spoken to.
    """
    with working(declaration_id, "communicate", version=version, actor=actor, uploads=attachments) as step:
        declaration, at = step.record, happened_at or now()
        if contact is None and not to.strip():
            # Somebody is always spoken to: unless another is named, the one who declared it.
            contact, to = declaration.contact, "" if declaration.contact else name_of_caller(declaration)
        require(
            text=None if text.strip() else _("Write what was said."),
            contact=foreign_contact(declaration, contact),
            happened_at=impossible_moment(at, declaration),
            unreached=None if reached else _unreachable(from_customer, promised_at),
            promised_at=_promise_problem(promised_at, at),
        )
        said: dict[str, Any] = {"actor": actor, "way": way, "text": text, "contact": contact, "to": to, "at": at}
        if reached:
            row = tell(step, from_customer=from_customer, promised_at=promised_at, **said)
        else:
            row = add_communication(step, reached=False, **said)
        attach_all(step, attachments, actor=actor, row=row)
        declaration.communicate(**_columns(declaration, at, reached))
    return declaration


def _unreachable(from_customer: bool, promised_at: datetime | None) -> str | None:
    if from_customer or promised_at is not None:
        return _("Whoever called or was promised something was reached; take the tick away.")
    return None


def _promise_problem(promised_at: datetime | None, at: datetime) -> str | None:
    if promised_at is None or promised_at > at:
        return None
    return _("What is promised lies ahead: enter a time after the contact.")


def usual_way(declaration: Declaration) -> str:
    """By which means this customer is spoken to: as the first response was given, else as the declaration came in."""
    usual = declaration.first_response_way or declaration.channel
    return usual if usual in Way.values else Way.OTHER


def name_of_caller(declaration: Declaration) -> str:
    """Who is spoken to where nobody of the register is known."""
    return declaration.caller_name or declaration.caller_phone


def tell(step: RecordChange[Declaration], **row: Any) -> Communication:
    """Write what a person said to the customer inside an open step: the first response, if none was recorded (A-07).

    `row` as `add_communication` takes it.
    """
    if step.record.first_response_at is None:
        return record_first_response(step, **row)
    return add_communication(step, **row)


def add_communication(
    step: RecordChange[Declaration],
    *,
    actor: Actor,
    way: str,
    text: str,
    at: datetime,
    contact: Contact | None = None,
    to: str = "",
    reached: bool = True,
    from_customer: bool = False,
    promised_at: datetime | None = None,
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
            from_customer=from_customer,
            promised_at=promised_at,
        )
    )


def _columns(declaration: Declaration, at: datetime, reached: bool) -> dict[str, object]:
    if not reached:
        # An attempt to have a solution confirmed lies after it.
        if declaration.resolved_at is None or at < declaration.resolved_at:
            return {}
        return {
            "unanswered_attempts": len(attempt_days(declaration)),
            "first_attempt_at": min(declaration.first_attempt_at or at, at),
        }
    columns: dict[str, object] = {"communicated_at": max(declaration.communicated_at or at, at)}
    if declaration.state in REQUEST_STATES and at >= _asked_until(declaration):
        columns["customer_answered_at"] = at
    return columns


def _asked_until(declaration: Declaration) -> datetime:
    """When the last opinion was given: before, there is no answer of which a customer could be told (clause 5.4.2)."""
    last = declaration.opinion_rows.order_by("at").values_list("at", flat=True).last()
    return last or declaration.received_at
