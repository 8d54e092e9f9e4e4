"""Valid or not, in scope or not, and of which type (clause 5.4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Contact, Customer, Role, User
from accounts.queries import desk_of, head_of, holders
from config.clock import now
from incidents.access import RECEIVING_ROLES
from incidents.actions.clocks import cancel_clocks
from incidents.actions.steps import require, working
from incidents.models import (
    INTERNAL_CHANNELS,
    Declaration,
    Handover,
    HandoverKind,
    InvalidReason,
    State,
    Type,
    TypeChange,
)
from ledger.actions import Step
from notifications.actions import notify
from procedure.queries import rules
from sla import actions as sla
from sla.models import Clock, Closure, Contract
from sla.queries import calendar_of
from sla.targets import Target

KIND_OF_TYPE = {
    Type.COMPLAINT: HandoverKind.COMPLAINT,
    Type.INFOSEC: HandoverKind.INFOSEC,
    Type.OUT_OF_SCOPE_CUSTOMER: HandoverKind.SALES,
    Type.OUT_OF_SCOPE_SERVICE: HandoverKind.SALES,
}


@dataclass(frozen=True)
class ScopeAnswers:
    """The three questions of the tree (A-17): ever a customer, a contract in force, the demand within it."""

    is_customer: bool | None = None
    contract_in_force: bool | None = None
    service_in_contract: bool | None = None

    def as_columns(self) -> dict[str, bool | None]:
        return {
            "is_customer": self.is_customer,
            "contract_in_force": self.contract_in_force,
            "service_in_contract": self.service_in_contract,
        }


@dataclass(frozen=True)
class Party:
    """Who declared it: the customer, the contract it falls under, the person and a means of reaching them."""

    customer: Customer | None = None
    contract: Contract | None = None
    contact: Contact | None = None
    contact_means: str = ""


def screen_as_invalid(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    reason: str,
    text: str = "",
    duplicate_of: Declaration | None = None,
    caller_told: bool = False,
    answers: ScopeAnswers = ScopeAnswers(),
    party: Party = Party(),
) -> Declaration:
    """End a declaration that is not a valid one, with its reason (T4); a duplicate names the first one."""
    with working(declaration_id, "screen_as_invalid", version=version, actor=actor) as step:
        require(
            reason=None if reason in InvalidReason.values else _("Choose why it is not valid."),
            duplicate_of=_duplicate_problem(step.record, reason, duplicate_of),
            text=_("Describe the reason.") if reason == InvalidReason.OTHER and not text.strip() else None,
        )
        _take_party(step.record, party)
        _screened(step, actor, Type.INVALID, answers)
        step.record.screen_as_invalid(
            valid=False,
            invalid_reason=reason,
            invalid_text=text,
            duplicate_of=duplicate_of,
            caller_told=caller_told,
            ended_at=now(),
        )
        cancel_clocks(step.record, now())
    return step.record


def screen_as_incident(
    declaration_id: int, *, version: int | None, actor: Actor, answers: ScopeAnswers, party: Party
) -> Declaration:
    """A valid incident under a contract in force goes on to classification (T5)."""
    with working(declaration_id, "screen_as_incident", version=version, actor=actor) as step:
        _take_party(step.record, party)
        require(**_party_problems(step.record), **_scope_problems(step.record, answers, in_contract=True))
        _screened(step, actor, Type.INCIDENT, answers)
        step.record.screen_as_incident(valid=True)
    return step.record


def screen_as_request(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    answers: ScopeAnswers,
    party: Party,
    verbatim: str,
    other_demands: str = "",
) -> Declaration:
    """Pass a new demand unaltered to the head of department and risk control at once (T6, R-5.4.2-5)."""
    with working(declaration_id, "screen_as_request", version=version, actor=actor) as step:
        _take_party(step.record, party)
        require(
            **_party_problems(step.record),
            **_scope_problems(step.record, answers),
            verbatim=None if verbatim.strip() else _("Pass on what was asked, in the caller's words."),
        )
        _screened(step, actor, Type.SERVICE_REQUEST, answers)
        step.record.screen_as_request(
            valid=True,
            verbatim=verbatim,
            other_demands=other_demands or step.record.other_demands,
            head_agrees=None,
            risk_control_agrees=None,
            customer_answered_at=None,
        )
        _tell_deciders(step.record)
    return step.record


def hand_over(
    declaration_id: int,
    *,
    version: int | None,
    actor: Actor,
    type: str,
    receiver: User,
    content: str,
    answers: ScopeAnswers = ScopeAnswers(),
    party: Party = Party(),
) -> Declaration:
    """Pass a complaint, a security incident or a matter for sales to its named receiver (T10).

    The receiver signs within the parameter `handover_ack`; a security incident is restricted from now on.
    """
    with working(declaration_id, "hand_over", version=version, actor=actor) as step:
        _take_party(step.record, party)
        kind = KIND_OF_TYPE.get(Type(type)) if type in Type.values else None
        require(
            type=None if kind else _("Choose a complaint, a security incident or a matter for sales."),
            receiver=_receiver_problem(receiver, kind),
            content=None if content.strip() else _("Write what the receiver has to know."),
        )
        assert kind is not None
        _screened(step, actor, Type(type), answers)
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
        notify(
            "handover.sent",
            stream=step.record.stream,
            number=step.record.number,
            recipients=[receiver],
            data={},
            cycle=step.record.version,
        )
    return step.record


def change_type(declaration_id: int, *, version: int | None, actor: Actor, to: str, reason: str) -> Declaration:
    """Correct the type before closing (T27): back to screening, clocks keep their start (R-5.4.2-8)."""
    with working(declaration_id, "change_type", version=version, actor=actor) as step:
        declaration = step.record
        require(
            to=None if to in Type.values and to != declaration.type else _("Choose the right type."),
            reason=None if reason.strip() else _("Say why the type is corrected."),
        )
        step.add(
            TypeChange(
                declaration=declaration,
                by=actor.user,
                at=now(),
                from_type=declaration.type,
                to_type=to,
                reason=reason,
            )
        )
        end_waiting(step, at=now())
        if declaration.resolution_clock and declaration.resolution_clock.stopped_at is None:
            sla.cancel(declaration.resolution_clock, now())
        declaration.change_type(
            intended_type=to,
            type=Type.UNKNOWN,
            due_at=None,
            resolved_at=None,
            escalation_triggers=[],
        )
    return step.record


def end_waiting(step: Step[Declaration], at: datetime, received: str = "", way: str = "") -> None:
    """Close the open waiting row, if there is one, inside an open step."""
    declaration = step.record
    if declaration.state != State.WAITING_CUSTOMER:
        return
    waiting = step.track(declaration.waiting_rows.get(ended_at=None))
    waiting.ended_at, waiting.received, waiting.way = at, received, way


def _screened(step: Step[Declaration], actor: Actor, type: Type, answers: ScopeAnswers) -> None:
    step.record.set(
        type=type,
        intended_type=Type.UNKNOWN,
        restricted=type == Type.INFOSEC,
        screened_by=actor.user,
        screened_at=now(),
        **answers.as_columns(),
    )


def _take_party(declaration: Declaration, party: Party) -> None:
    if party.customer is not None and party.customer != declaration.customer:
        declaration.set(
            customer=party.customer,
            department=party.customer.department,
            desk=desk_of(party.customer) or declaration.desk,
        )
    contract = party.contract
    declaration.set(
        contract=contract or declaration.contract,
        contact=party.contact or declaration.contact,
        contact_means=party.contact_means or declaration.contact_means,
    )
    if contract is not None:
        declaration.set(
            contract_notes_due=bool(contract.process_notes),
            written_confirmation_due=contract.closure == Closure.WRITTEN,
        )


def _party_problems(declaration: Declaration) -> dict[str, str | None]:
    internal = declaration.channel in INTERNAL_CHANNELS
    contact, customer = declaration.contact, declaration.customer
    foreign = contact is not None and contact.customer_id != declaration.customer_id
    return {
        "customer": None if customer else _("Ask for the customer's name and choose it."),
        "contact": (
            _("This person belongs to another customer.")
            if foreign
            else None
            if contact or internal
            else _("Ask for the contact person and choose them.")
        ),
        "contact_means": (
            None if declaration.contact_means or internal else _("Ask for one means of contact: phone or e-mail.")
        ),
    }


def _scope_problems(
    declaration: Declaration, answers: ScopeAnswers, *, in_contract: bool = False
) -> dict[str, str | None]:
    contract = declaration.contract
    in_force = contract is not None and contract.in_force(localdate(declaration.received_at))
    foreign = contract is not None and contract.customer_id != declaration.customer_id
    return {
        "is_customer": None if answers.is_customer else _("Not a customer: hand it over to sales."),
        "contract_in_force": None if answers.contract_in_force else _("No contract in force: hand it over to sales."),
        "service_in_contract": (
            _("Not part of the contract: this is a service request, or a matter for sales.")
            if in_contract and not answers.service_in_contract
            else None
        ),
        "contract": (
            _("This contract belongs to another customer.")
            if foreign
            else None
            if in_force
            else _("Choose the contract that was in force when it was received.")
        ),
    }


def _duplicate_problem(declaration: Declaration, reason: str, first: Declaration | None) -> str | None:
    if reason != InvalidReason.DUPLICATE:
        return None
    if first is None:
        return _("Give the number of the first declaration.")
    if first.pk == declaration.pk:
        return _("A declaration cannot be a duplicate of itself.")
    return None


def _receiver_problem(receiver: User | None, kind: HandoverKind | None) -> str | None:
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


def _tell_deciders(declaration: Declaration) -> None:
    heads = [head_of(declaration.department)]
    notify(
        "request.waiting",
        stream=declaration.stream,
        number=declaration.number,
        recipients=[*filter(None, heads), *holders(Role.RISK_CONTROL)],
        data={},
        cycle=declaration.version,
    )
