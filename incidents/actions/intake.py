"""From the first call to the accepted declaration (clause 5.4.1): relay and accept."""

from __future__ import annotations

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.actors import Actor, local_day
from accounts.models import User
from accounts.queries import desk_of, duty_desk
from base.clock import now
from incidents.access import require_permitted
from incidents.actions.alarms import is_repeatable, join_alarm, wait_for_turn
from incidents.actions.attachments import attach, uploading
from incidents.actions.calls import Call, check, draft
from incidents.actions.clocks import contract_on, start_response_clock
from incidents.actions.finding import make_findable
from incidents.actions.keys import key_of, registered
from incidents.actions.notices import notify_of
from incidents.actions.responses import first_response, response_columns
from incidents.actions.steps import require, working
from incidents.models import Communication, Declaration, Way, moves
from incidents.numbering import next_number
from incidents.queries.contacts import contact_by_phone, known_contact
from ledger.actions import attempt, create
from ledger.exceptions import Invalid, Sentence
from ledger.signature import Signature
from procedure.queries import rules
from sla import actions as sla
from sla.targets import Target


def relay(call: Call, *, actor: Actor, idempotency_key: str | None = None, answered_live: bool = False) -> Declaration:
    """Anyone on staff passes on a call that the desk did not take itself; clocks start at its receipt (A-13).

    It goes to the customer's desk, else to the duty desk of the department; raises Invalid where there is neither. With
    `answered_live` the call was answered in person, which is the first response (A-07).
    """
    require(
        contact=_unknown_contact(call, actor),
        caller_name=None if call.company or call.caller_name else _("Say who called, or which customer."),
        caller_phone=None if call.contact or call.caller_phone else _("Write down a number for calling back."),
    )
    key = key_of(actor, idempotency_key)
    with uploading(call.attachments):
        return _register(call, "relay", actor=actor, key=key, answered_live=answered_live)


def _unknown_contact(call: Call, actor: Actor) -> Sentence | None:
    """Whom a person is not told of, nobody names by a guessed code either; whoever has the whole number may."""
    if call.contact is None or actor.user is None or known_contact(actor, call.contact.pk):
        return None
    if contact_by_phone(call.caller_phone) == call.contact:
        return None
    return _("There is no such contact, or it is not yours to see.")


def accept(call: Call, *, actor: Actor, idempotency_key: str | None = None, answered_live: bool = False) -> Declaration:
    """Register a declaration at the desk (T3): number, receipt and response clock in one transaction.

    With `answered_live` the call was answered in person, which is the first response at the second of receipt (A-07).
    The same call of the same actor with the same `idempotency_key` returns the first declaration, as a repeat. Raises
    Invalid for impossible times, missing papers and a key of another call, NotPermitted for staff who are not this
    customer's desk.
    """
    key = key_of(actor, idempotency_key)
    with uploading(call.attachments):
        if is_repeatable(call):
            return _accept_repeatable(call, actor=actor, key=key, answered_live=answered_live)
        return _register(call, "accept", actor=actor, key=key, answered_live=answered_live)


def _accept_repeatable(call: Call, *, actor: Actor, key: str | None, answered_live: bool) -> Declaration:
    try:
        with attempt(actor.signature(), action="accept", stream="declaration:new", clause=moves()["accept"].clause):
            wait_for_turn(call)
            already = registered(key, call, actor, answered_live=answered_live)
            joined = already or join_alarm(call, actor, key=key, answered_live=answered_live)
            return joined or _register(call, "accept", actor=actor, key=key, answered_live=answered_live)
    except IntegrityError:
        if (earlier := registered(key, call, actor, answered_live=answered_live)) is None:
            raise
        return earlier


def accept_relayed(declaration_id: int, *, version: int | None, actor: Actor) -> Declaration:
    """The desk signs for a relayed call (T2); the relay clock stops, the response clock goes on."""
    with working(declaration_id, "accept", version=version, actor=actor) as step:
        at = now()
        step.record.accept(relay_acknowledged_at=at, accepted_at=at, accepted_by=actor.user, desk=actor.user)
        if step.record.relay_clock:
            sla.stop(step.record.relay_clock, at)
    return step.record


def _register(
    call: Call,
    verb: str,
    *,
    actor: Actor,
    key: str | None,
    answered_live: bool = False,
) -> Declaration:
    try:
        with attempt(
            actor.signature(), action=verb, stream="declaration:new", clause=moves()[verb].clause
        ) as attempted:
            declaration = draft(call, actor)
            declaration.idempotency_key = key
            attempted.signature = actor.signature(require_permitted(actor, declaration, verb))
            check(call, declaration)
            declaration.desk = _desk_for(declaration, actor, verb)
            if verb == "relay":
                require(department=_nobody_takes(declaration))
            _insert(declaration, call, verb, actor=actor, signature=attempted.signature, answered_live=answered_live)
            return declaration
    except (IntegrityError, Invalid):
        # Two presses of the same button: the second waits for the first and then returns its declaration, also where
        # it would no longer be valid. Nearly every call is a new one, so nobody asks before.
        if (earlier := registered(key, call, actor, answered_live=answered_live)) is None:
            raise
        return earlier


def earlier_call(actor: Actor, idempotency_key: str, call: Call, *, answered_live: bool = False) -> Declaration | None:
    """The declaration that `actor` has registered with this key before; raises Invalid if that was another call."""
    return registered(key_of(actor, idempotency_key), call, actor, answered_live=answered_live)


def _insert(
    declaration: Declaration, call: Call, verb: str, *, actor: Actor, signature: Signature, answered_live: bool
) -> None:
    contract = contract_on(declaration.customer, declaration.received_at)
    answered_at = declaration.received_at if answered_live else None
    declaration.response_clock = start_response_clock(declaration, contract, answered_at=answered_at)
    getattr(declaration, verb)(**_acceptance(declaration, actor, verb))
    if answered_live:
        declaration.respond(**response_columns(declaration, declaration.received_at, Way.PHONE, actor))
    declaration.number = next_number("SD", local_day(declaration.registered_at))
    with create(declaration, signature=signature, action=verb, clause=moves()[verb].clause) as step:
        for upload in call.attachments:
            attach(step, upload, purpose=verb, actor=actor)
        if answered_live:
            step.add(_live_answer(declaration, actor, verb))
        _tell_desk(declaration, actor, verb)
    make_findable(declaration, is_new=True)


def _live_answer(declaration: Declaration, actor: Actor, verb: str) -> Communication:
    """The call itself was the first response, at the second of its receipt (A-07)."""
    accepted = _("Answered the call and confirmed that it is accepted.")
    return first_response(
        declaration,
        actor=actor,
        way=Way.PHONE,
        text=accepted if verb == "accept" else _("Answered the call and promised to pass it on to the desk."),
        contact=declaration.contact,
        to=declaration.caller_name,
        at=declaration.received_at,
    )


def _acceptance(declaration: Declaration, actor: Actor, verb: str) -> dict[str, object]:
    at = declaration.registered_at
    if verb == "accept":
        return {"accepted_by": actor.user, "accepted_at": at}
    acknowledgement = rules(declaration.procedure_version_id).parameter("relay_ack_minutes")
    clock = sla.start_clock(
        "relay",
        started_at=at,
        target=Target(acknowledgement, "minute", "natural"),
        source="parameter",
        calendar=None,
        thresholds=[100],
    )
    return {"relayed_by": actor.user, "relayed_at": at, "relay_clock": clock}


def _desk_for(declaration: Declaration, actor: Actor, verb: str) -> User | None:
    if verb == "accept" and actor.user is not None:
        return actor.user
    return desk_of(declaration.customer) or duty_desk(declaration.department)


def _nobody_takes(declaration: Declaration) -> str | None:
    """The sentence where a relayed call would reach nobody who may accept it, naming who is missing (R-5.4.1-1)."""
    if declaration.desk is not None:
        return None
    named = {"department": declaration.department.name}
    if declaration.customer is None:
        return _("%(department)s has no duty desk: choose the department that was called.") % named
    return _(
        "%(customer)s has no service desk and %(department)s no duty desk: have one named, then relay the call again."
    ) % {**named, "customer": declaration.customer.name}


def _tell_desk(declaration: Declaration, actor: Actor, verb: str) -> None:
    if verb == "accept" and actor.user is not None:
        return
    notify_of(declaration, "relay.waiting" if verb == "relay" else "declaration.accepted", [declaration.desk], cycle=1)
