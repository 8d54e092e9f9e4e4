"""Who declared it and whether it lies within a contract: what every way out of screening asks (A-14, A-17)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor, local_day
from accounts.models import Contact, Customer
from accounts.queries import desk_of
from base.clock import now
from incidents.actions.clocks import contract_on, take_response_target
from incidents.actions.entering import caller_as_contact
from incidents.actions.insiders import own_request
from incidents.actions.steps import foreign_contact, require
from incidents.models import INTERNAL_CHANNELS, KIND_OF_TYPE, Declaration, HandoverKind, Type
from ledger.actions import RecordChange
from ledger.exceptions import Sentence
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
    """Who declared it: the customer, the contract it falls under, the person and a means of reaching them.

    With `enters_caller` the person is the caller as typed, who becomes a contact of the customer.
    """

    customer: Customer | None = None
    contract: Contract | None = None
    contact: Contact | None = None
    contact_means: str = ""
    enters_caller: bool = False


NO_ANSWERS = ScopeAnswers()
NO_PARTY = Party()
CONTRACTED = (Type.INCIDENT, Type.SERVICE_REQUEST)
NOT_CONTRACTED: dict[Type, Sentence] = {
    Type.INCIDENT: gettext_lazy("Not part of the contract: this is a service request, or a matter for sales."),
    Type.SERVICE_REQUEST: gettext_lazy("Not part of the contract: hand it over to sales."),
}


def take_party(declaration: Declaration, party: Party, actor: Actor) -> None:
    """Put the customer, contract and person that the desk found out on the declaration; judged by the `…_problems`."""
    require(contact=_two_persons(party))
    if party.customer is not None and party.customer != declaration.customer:
        declaration.set(
            customer=party.customer,
            department=party.customer.department,
            desk=desk_of(party.customer) or declaration.desk,
        )
    # Before the caller is entered, who may have left no number but this.
    declaration.set(contact_means=party.contact_means or declaration.contact_means)
    entered = caller_as_contact(declaration, actor=actor) if party.enters_caller else None
    contract, contact = party.contract, entered or party.contact or declaration.contact
    declaration.set(
        contract=contract or declaration.contract,
        contact=contact,
        contact_means=declaration.contact_means or registered_means(contact),
    )
    if contract is not None:
        declaration.set(
            contract_notes_due=bool(contract.process_notes),
            written_confirmation_due=contract.closure == Closure.WRITTEN,
        )
        take_response_target(declaration, contract, now())


def _two_persons(party: Party) -> Sentence | None:
    both = party.enters_caller and party.contact is not None
    return _("Choose a contact, or enter the caller as a new one; not both.") if both else None


def registered_means(contact: Contact | None) -> str:
    """How the register says that the person is reached."""
    return (contact.mobile or contact.phone or contact.email) if contact else ""


def note_screening(step: RecordChange[Declaration], actor: Actor, type: Type, answers: ScopeAnswers) -> None:
    """Write down who screened it as what, inside an open step."""
    step.record.set(
        type=type,
        intended_type=Type.UNKNOWN,
        # Ending as invalid opens nothing that concerned security; screening it as something else does, on purpose.
        restricted=type == Type.INFOSEC or (step.record.restricted and type == Type.INVALID),
        screened_by=actor.user,
        screened_at=now(),
        **answers.as_columns(),
    )


def screening_problems(declaration: Declaration, type: Type, answers: ScopeAnswers) -> dict[str, Sentence | None]:
    """A sentence for each thing of the party that lacks (A-14) and each answer that leads elsewhere (A-17)."""
    stranger = type == Type.OUT_OF_SCOPE_CUSTOMER and answers.is_customer is False
    party = party_problems(declaration, stranger=stranger)
    if KIND_OF_TYPE.get(type) == HandoverKind.SALES:
        return party | _outside_problems(declaration, type, answers)
    return party | _inside_problems(declaration, type, answers) if type in CONTRACTED else party


def party_problems(declaration: Declaration, *, stranger: bool = False) -> dict[str, Sentence | None]:
    """A sentence for each of customer, person and means of contact that a valid declaration lacks (A-14).

    Our own finding has no person, and of somebody who never was a customer a number to call back is enough.
    """
    internal = declaration.channel in INTERNAL_CHANNELS
    reachable = declaration.contact_means or internal or (stranger and declaration.caller_phone)
    named = declaration.contact or internal or stranger
    insider = own_request(declaration.customer, declaration.caller_phone, declaration.contact_means)
    unnamed = None if declaration.customer or stranger else _("Ask for the customer's name and choose it.")
    lacking = {
        "customer": insider or unnamed,
        "contact": None if named else _("Ask for the contact person and choose them."),
        "contact_means": None if reachable else _("Ask for one means of contact: phone or e-mail."),
    }
    return lacking | foreign_party(declaration)


def foreign_party(declaration: Declaration) -> dict[str, Sentence | None]:
    """A sentence for a person or a contract that belongs to another customer than the declaration."""
    contract = declaration.contract
    found = {"contact": foreign_contact(declaration, declaration.contact), "contract": None}
    if contract is not None and contract.customer_id != declaration.customer_id:
        found["contract"] = _("This contract belongs to another customer.")
    return {name: sentence for name, sentence in found.items() if sentence is not None}


def _inside_problems(declaration: Declaration, type: Type, answers: ScopeAnswers) -> dict[str, Sentence | None]:
    contract = declaration.contract
    in_force = contract is not None and contract.in_force(local_day(declaration.received_at))
    foreign = foreign_party(declaration).get("contract")
    return {
        "is_customer": None if answers.is_customer else _("Not a customer: hand it over to sales."),
        "contract_in_force": None if answers.contract_in_force else _("No contract in force: hand it over to sales."),
        "service_in_contract": None if answers.service_in_contract else NOT_CONTRACTED[type],
        "contract": foreign or (None if in_force else _("Choose the contract that was in force when it was received.")),
    }


def _outside_problems(declaration: Declaration, type: Type, answers: ScopeAnswers) -> dict[str, Sentence | None]:
    """To sales goes who has no contract in force, and what no contracted service contains; the register decides."""
    if answers.is_customer is None:
        return {"is_customer": _("Say whether it is or was a customer of ours.")}
    if type == Type.OUT_OF_SCOPE_SERVICE and not answers.is_customer:
        return {"is_customer": _("Never a customer: hand it over as customer out of scope.")}
    covered = contract_on(declaration.customer, declaration.received_at)
    if covered is not None and not answers.contract_in_force:
        return {"contract_in_force": _("%(number)s was in force when it was received.") % {"number": covered.number}}
    if answers.is_customer and answers.contract_in_force is None:
        return {"contract_in_force": _("Say whether a contract is in force.")}
    if not answers.contract_in_force:
        return {}
    if type == Type.OUT_OF_SCOPE_CUSTOMER:
        return {"contract_in_force": _("With a contract in force it is at most beyond the service scope.")}
    contracted = _("Part of the contract: this is an incident or a service request.")
    return {"service_in_contract": None if answers.service_in_contract is False else contracted}
