"""From the first call to the accepted declaration (clause 5.4.1): relay, accept, respond."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Contact, Customer, Department, Role, User
from accounts.queries import desk_of, duty_desk, holders
from config.clock import now
from incidents.access import capacities, who_may
from incidents.actions.attachments import Upload, attach
from incidents.actions.clocks import contract_on, start_response_clock
from incidents.actions.steps import foreign_contact, impossible_moment, require, working
from incidents.models import (
    INTERNAL_CHANNELS,
    OPEN_STATES,
    PAPER_CHANNELS,
    Channel,
    Communication,
    Declaration,
    Way,
    moves,
)
from incidents.numbering import next_number
from ledger.actions import Step, attempt, create
from ledger.exceptions import NotPermitted
from ledger.signature import Signature
from notifications.actions import notify
from procedure.queries import in_force, rules
from search.actions import index
from sla import actions as sla
from sla.targets import Target


@dataclass(frozen=True)
class Call:
    """What is known of a declaration when it comes in; only channel, receipt, subject and body are always there."""

    channel: str
    received_at: datetime
    subject: str
    body: str
    contact: Contact | None = None
    customer: Customer | None = None
    department: Department | None = None
    caller_name: str = ""
    caller_phone: str = ""
    caller_company: str = ""
    contact_means: str = ""
    other_demands: str = ""
    late_reason: str = ""
    pages: int | None = None
    sender_reference: str = ""
    received_on: date | None = None
    via: str = ""
    source: str = ""
    system: str = ""
    source_ref: str = ""
    linked_to: Declaration | None = None
    attachments: tuple[Upload, ...] = field(default=())

    @property
    def company(self) -> Customer | None:
        return self.contact.customer if self.contact else self.customer


def relay(call: Call, *, actor: Actor, idempotency_key: str | None = None) -> Declaration:
    """Anyone on staff passes on a call that the desk did not take itself; clocks start at its receipt (A-13)."""
    require(
        caller_name=None if call.company or call.caller_name else _("Say who called, or which customer."),
        caller_phone=None if call.contact or call.caller_phone else _("Write down a number for calling back."),
    )
    return _register(call, "relay", actor=actor, idempotency_key=idempotency_key)


def accept(call: Call, *, actor: Actor, idempotency_key: str | None = None, answered_live: bool = False) -> Declaration:
    """Register a declaration at the desk (T3): number, receipt and response clock in one transaction.

    With `answered_live` the call was answered in person, which is the first response at the second of receipt (A-07).
    A second call of the same actor with the same `idempotency_key` returns the first declaration. Raises Invalid for
    impossible times and missing papers, NotPermitted for staff who are not this customer's desk.
    """
    if call.channel == Channel.MONITORING and not _already_registered(_key_of(actor, idempotency_key)):
        joined = _join_alarm(call, actor)
        if joined is not None:
            return joined
    return _register(call, "accept", actor=actor, idempotency_key=idempotency_key, answered_live=answered_live)


def accept_relayed(declaration_id: int, *, version: int | None, actor: Actor) -> Declaration:
    """The desk signs for a relayed call (T2); the relay clock stops, the response clock goes on."""
    with working(declaration_id, "accept", version=version, actor=actor) as step:
        at = now()
        step.record.accept(relay_acknowledged_at=at, accepted_at=at, accepted_by=actor.user, desk=actor.user)
        if step.record.relay_clock:
            sla.stop(step.record.relay_clock, at)
    return step.record


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
) -> Declaration:
    """Record the first feedback that a person gave to the caller; it stops the response clock when it was given."""
    with working(declaration_id, "respond", version=version, actor=actor) as step:
        given_at = responded_at or now()
        require(
            text=None if text.strip() else _("Write what the caller was told."),
            contact=foreign_contact(step.record, contact),
            responded_at=impossible_moment(given_at, step.record),
        )
        record_first_response(step, actor=actor, way=way, text=text, contact=contact, to=to, at=given_at)
    return step.record


def record_first_response(
    step: Step[Declaration],
    *,
    actor: Actor,
    way: str,
    text: str,
    at: datetime,
    contact: Contact | None = None,
    to: str = "",
) -> None:
    """Write the first response inside an open step: the message, the columns and the stopped clock."""
    declaration = step.record
    declaration.respond(**_response(at, way, actor))
    step.add(_first_response(declaration, actor=actor, way=way, text=text, contact=contact, to=to, at=at))
    if declaration.response_clock:
        sla.stop(declaration.response_clock, at)


def _response(at: datetime, way: str, actor: Actor) -> dict[str, object]:
    """The columns of a first response."""
    return {
        "first_response_at": at,
        "first_response_way": way,
        "first_response_by": actor.user,
        "communicated_at": now(),
    }


def _first_response(
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


def _register(
    call: Call,
    verb: str,
    *,
    actor: Actor,
    idempotency_key: str | None,
    answered_live: bool = False,
) -> Declaration:
    key = _key_of(actor, idempotency_key)
    earlier = _already_registered(key)
    if earlier is not None:
        return earlier
    try:
        with attempt(
            actor.signature(), action=verb, stream="declaration:new", clause=moves()[verb].clause
        ) as attempted:
            declaration = _draft(call, actor)
            declaration.idempotency_key = key
            attempted.signature = _entitled(actor, declaration, verb)
            _check(call, declaration)
            _insert(declaration, call, verb, actor=actor, signature=attempted.signature, answered_live=answered_live)
            return declaration
    except IntegrityError:
        # Two presses of the same button: the second waits for the first and then returns its declaration.
        earlier = _already_registered(key)
        if earlier is None:
            raise
        return earlier


def earlier_call(actor: Actor, idempotency_key: str) -> Declaration | None:
    """The declaration that `actor` has registered with this key before; one row."""
    return _already_registered(_key_of(actor, idempotency_key))


def _key_of(actor: Actor, idempotency_key: str | None) -> str | None:
    """Everybody's keys are their own: two programs that count from 1 do not get each other's declarations."""
    if idempotency_key is None:
        return None
    return sha256(f"{actor.signature().key} {idempotency_key}".encode()).hexdigest()


def _already_registered(key: str | None) -> Declaration | None:
    return Declaration.objects.filter(idempotency_key=key).first() if key else None


def _draft(call: Call, actor: Actor) -> Declaration:
    customer = call.company
    department = customer.department if customer else call.department or _own_department(actor)
    require(
        department=None if department else _("Choose the department that was called."),
    )
    at = now()
    return Declaration(
        procedure_version=in_force(localdate(at)),
        channel=call.channel,
        received_at=call.received_at,
        registered_at=at,
        late_reason=call.late_reason,
        customer=customer,
        contact=call.contact,
        contact_means=call.contact_means,
        caller_name=call.caller_name or (call.contact.name if call.contact else ""),
        caller_phone=call.caller_phone,
        caller_company=call.caller_company,
        other_demands=call.other_demands,
        subject=call.subject,
        body=call.body,
        pages=call.pages,
        sender_reference=call.sender_reference,
        received_on=call.received_on,
        via=call.via,
        source=call.source,
        system=call.system,
        source_ref=call.source_ref,
        linked_to=call.linked_to,
        department=department,
    )


def _own_department(actor: Actor) -> Department | None:
    return actor.user.department if actor.user else None


def _entitled(actor: Actor, declaration: Declaration, verb: str) -> Signature:
    move, standing = moves()[verb], capacities(actor, declaration)
    entitled = [capacity for capacity in standing if capacity in move.by]
    if not entitled:
        raise NotPermitted(who_may(move), clause=move.clause)
    return actor.signature(standing[entitled[0]])


def _check(call: Call, declaration: Declaration) -> None:
    earliest = now() - timedelta(hours=rules(declaration.procedure_version_id).parameter("received_back_hours"))
    paper = call.channel in PAPER_CHANNELS
    internal = call.channel in INTERNAL_CHANNELS
    require(
        subject=None if call.subject.strip() else _("Write the subject in one line."),
        body=None if call.body.strip() else _("Write what the caller said."),
        received_at=_("Received cannot be in the future.") if call.received_at > now() else None,
        late_reason=(
            _("More than %(hours)s hours ago: give the reason.")
            % {"hours": rules(declaration.procedure_version_id).parameter("received_back_hours")}
            if call.received_at < earliest and not call.late_reason.strip()
            else None
        ),
        attachments=_("Letters and faxes need their scan.") if paper and not call.attachments else None,
        pages=_("Letters and faxes need the number of pages.") if paper and not call.pages else None,
        source=_("Say which tool or which round found it.") if internal and not call.source.strip() else None,
        customer=_("Name the customer that is affected.") if internal and declaration.customer is None else None,
    )


def _insert(
    declaration: Declaration, call: Call, verb: str, *, actor: Actor, signature: Signature, answered_live: bool
) -> None:
    contract = contract_on(declaration.customer, declaration.received_at)
    answered_at = declaration.received_at if answered_live else None
    declaration.response_clock = start_response_clock(declaration, contract, answered_at=answered_at)
    declaration.desk = _desk_for(declaration, actor, verb)
    getattr(declaration, verb)(**_acceptance(declaration, actor, verb))
    if answered_live:
        declaration.respond(**_response(declaration.received_at, Way.PHONE, actor))
    declaration.number = next_number("SD", localdate(declaration.registered_at))
    with create(declaration, signature=signature, action=verb, clause=moves()[verb].clause) as step:
        for upload in call.attachments:
            attach(step, upload, purpose=verb, actor=actor)
        if answered_live:
            step.add(_live_answer(declaration, actor))
    _make_findable(declaration)
    _tell_desk(declaration, actor, verb)


def _live_answer(declaration: Declaration, actor: Actor) -> Communication:
    """The call itself was the first response, at the second of its receipt (A-07)."""
    return _first_response(
        declaration,
        actor=actor,
        way=Way.PHONE,
        text=_("Answered the call and confirmed that it is accepted."),
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
    if declaration.customer is not None:
        return desk_of(declaration.customer)
    return duty_desk(declaration.department)


def _make_findable(declaration: Declaration) -> None:
    company = declaration.customer.name if declaration.customer else declaration.caller_company
    text = " ".join([declaration.number, company, declaration.caller_name, declaration.caller_phone, declaration.body])
    index(
        "declaration", declaration.pk, title=declaration.subject, text=text, at=declaration.registered_at, is_new=True
    )


def _tell_desk(declaration: Declaration, actor: Actor, verb: str) -> None:
    if verb == "accept" and actor.user is not None:
        return
    recipients = [declaration.desk] if declaration.desk else holders(Role.DUTY_DESK, department=declaration.department)
    notify(
        "relay.waiting" if verb == "relay" else "declaration.accepted",
        stream=declaration.stream,
        number=declaration.number,
        recipients=recipients,
        data={},
    )


def _join_alarm(call: Call, actor: Actor) -> Declaration | None:
    """A repeated alarm joins the open declaration of the same source (R-5.3-3)."""
    if not call.source_ref:
        return None
    found = Declaration.objects.filter(
        channel=Channel.MONITORING,
        source=call.source,
        source_ref=call.source_ref,
        customer=call.company,
        state__in=sorted(OPEN_STATES),
    ).first()
    if found is None or moves()["join_alarm"].by.isdisjoint(capacities(actor, found)):
        return None
    with working(found.pk, "join_alarm", version=None, actor=actor) as step:
        require(received_at=_("Received cannot be in the future.") if call.received_at > now() else None)
        step.record.join_alarm(alarm_count=step.record.alarm_count + 1)
        step.note(received_at=call.received_at)
        for upload in call.attachments:
            attach(step, upload, purpose="join_alarm", actor=actor)
    return step.record
