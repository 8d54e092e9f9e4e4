"""Who declared it and whether it lies within a contract: what every way out of screening asks (A-14, A-17)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.acting import Actor
from accounts.models import Contact, Customer
from accounts.queries import desk_of
from config.clock import now
from incidents.actions.clocks import take_response_target
from incidents.models import INTERNAL_CHANNELS, Declaration, Type
from ledger.actions import Step
from sla.models import Closure, Contract


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


NO_ANSWERS = ScopeAnswers()
NO_PARTY = Party()


def take_party(declaration: Declaration, party: Party) -> None:
    """Put the customer, contract and person that the desk found out on the declaration."""
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
        take_response_target(declaration, contract, now())


def note_screening(step: Step[Declaration], actor: Actor, type: Type, answers: ScopeAnswers) -> None:
    """Write down who screened it as what, inside an open step."""
    step.record.set(
        type=type,
        intended_type=Type.UNKNOWN,
        restricted=type == Type.INFOSEC,
        screened_by=actor.user,
        screened_at=now(),
        **answers.as_columns(),
    )


def party_problems(declaration: Declaration) -> dict[str, str | None]:
    """A sentence for each of customer, person and means of contact that a valid declaration lacks (A-14)."""
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


def scope_problems(
    declaration: Declaration, answers: ScopeAnswers, *, in_contract: bool = False
) -> dict[str, str | None]:
    """A sentence for each answer of the tree that leads elsewhere (A-17)."""
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
