"""The tree of screening (5.4.2, A-17): which questions lead to which outcome, and what is known already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.actors import local_day
from accounts.models import Contact, Customer
from base.forms import choice_of_rows
from incidents.forms import VerbForm
from incidents.models import INTERNAL_CHANNELS, Declaration, Type, Way
from procedure.queries import Rules, Words, rules
from record_form.verbs import SCREENING, VERBS
from sla.models import Contract
from sla.queries import contract_for

QUESTIONS = {
    "valid": gettext_lazy("Is it a matter for the service desk?"),
    "kind": gettext_lazy("What is it about?"),
    "scope": gettext_lazy("Does the contract cover it?"),
}
OUTCOMES = {
    "screen_as_incident": "incident",
    "screen_as_request": "request",
    "screen_as_invalid": "invalid",
    "hand_over": "complaint",
}
KINDS = (
    ("incident", pgettext_lazy("kind", "Something does not work"), gettext_lazy("an incident")),
    ("request", pgettext_lazy("kind", "Something new is wanted"), gettext_lazy("a service request")),
    ("complaint", pgettext_lazy("kind", "A complaint about us"), gettext_lazy("goes to the complaint owner")),
    (
        "infosec",
        pgettext_lazy("kind", "Information security"),
        gettext_lazy("goes to the security officer, restricted"),
    ),
)
# The terms of clause 3 by which the kinds are told apart.
TERMS = {"incident": "incident", "request": "service_request", "complaint": "complaint", "infosec": "infosec"}
SCOPES = (
    ("inside", gettext_lazy("Yes, it belongs to a contracted service")),
    ("outside", gettext_lazy("A contract is in force, but does not contain it")),
    ("none", gettext_lazy("No contract is in force")),
    ("stranger", gettext_lazy("Never was a customer")),
)
PARTY = ["customer", "contract", "contact", "contact_means"]
ANSWERS: Mapping[str, tuple[str, str, str]] = {
    "inside": ("true", "true", "true"),
    "outside": ("true", "true", "false"),
    "none": ("true", "false", "false"),
    "stranger": ("false", "false", "false"),
}


def verb_of(posted: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The verb to which the answers lead, with the values that follow from them; empty while a question is open."""
    kind, scope = posted.get("kind", ""), posted.get("scope", "")
    if posted.get("valid") == "no":
        return "screen_as_invalid", _answers(scope)
    if posted.get("valid") != "yes" or kind not in [key for key, _name, _about in KINDS]:
        return "", {}
    if kind in ("complaint", "infosec"):
        return "hand_over", {**_answers(scope), "type": str(Type(kind).value)}
    if scope in ("none", "stranger"):
        return "hand_over", {**_answers(scope), "type": str(Type.OUT_OF_SCOPE_CUSTOMER.value)}
    if scope == "inside":
        return ("screen_as_incident" if kind == "incident" else "screen_as_request"), _answers(scope)
    if scope == "outside":
        return "hand_over", {**_answers(scope), "type": str(Type.OUT_OF_SCOPE_SERVICE.value)}
    return "", {}


def _answers(scope: str) -> dict[str, str]:
    names = ("is_customer", "contract_in_force", "service_in_contract")
    return dict(zip(names, ANSWERS[scope], strict=True)) if scope in ANSWERS else {}


def known(declaration: Declaration) -> dict[str, Any]:
    """What the record and the register know already: party, contract in force, the caller's own words."""
    customer, contact = declaration.customer, declaration.contact
    contract = declaration.contract
    if contract is None and customer is not None:
        contract = contract_for(customer, local_day(declaration.received_at))
    means = declaration.contact_means or declaration.caller_phone
    return {
        "customer": customer.code if customer else "",
        "contract": contract.number if contract else "",
        "contact": contact.code if contact else "",
        "contact_means": means or (contact.mobile or contact.phone or contact.email if contact else ""),
        "told_way": declaration.first_response_way or Way.PHONE.value,
        "content": declaration.body,
        "valid": "yes",
        "kind": _kind_of(declaration),
        "scope": "" if contract else "none" if customer else "",
        "in_force": contract,
    }


def party_of(declaration: Declaration, code: str) -> dict[str, str]:
    """What is known of a customer that the desk has just chosen: the contract in force on the day of receipt."""
    chosen = Customer.objects.filter(code=code).first()
    contract = contract_for(chosen, local_day(declaration.received_at)) if chosen else None
    return {
        "customer": code,
        "contract": contract.number if contract else "",
        "contact_means": declaration.contact_means or declaration.caller_phone,
    }


def _kind_of(declaration: Declaration) -> str:
    """What a correction of the type meant it to be."""
    kinds = {Type.INCIDENT: "incident", Type.SERVICE_REQUEST: "request"}
    intended = Type(declaration.intended_type)
    return kinds.get(intended, str(intended.value) if intended in (Type.COMPLAINT, Type.INFOSEC) else "")


def context(request: Any, declaration: Declaration, verb: str, form: VerbForm) -> dict[str, Any]:
    """The page of the tree: `form` is that of the verb, bound when it was sent and came back."""
    posted = request.POST if request.method == "POST" else {}
    start = {**known(declaration), **({} if posted else _preset(verb, request.GET.get("outcome", "")))}
    values = {**start, **{name: posted[name] for name in posted}}
    forms = {each: _form(each, declaration, form, verb if form.is_bound else "", values) for each in SCREENING}
    for each in forms.values():
        mark_needed(each, declaration)
        narrow(each, str(values.get("customer") or ""))
    return {
        "forms": forms,
        "party": forms[verb],
        "values": values,
        "kinds": _kinds(rules(declaration.procedure_version_id)),
        "scopes": SCOPES,
        "internal": declaration.channel in INTERNAL_CHANNELS,
        "in_force": start["in_force"],
        "held_back": declaration.first_response_at is None,
        "chosen_verb": verb if posted else "",
    }


def _kinds(book: Rules) -> list[tuple[str, Promise, Promise, Words]]:
    """The kinds with what the procedure means by each (R-3-1)."""
    return [(kind, name, about, book.meaning(TERMS[kind])) for kind, name, about in KINDS]


def _preset(verb: str, outcome: str) -> dict[str, str]:
    if outcome and verb == "screen_as_invalid":
        return {"valid": "no"}
    return {"kind": OUTCOMES[verb]} if outcome else {}


def _form(each: str, declaration: Declaration, form: VerbForm, bound: str, values: dict[str, Any]) -> VerbForm:
    if each == bound:
        return form
    return VERBS[each].form(declaration=declaration, actor=form.actor, initial=values, auto_id=f"{each}_%s")


def narrow(form: VerbForm, code: str) -> QuerySet[Contact]:
    """Offer the contracts and the people of the chosen customer only; those people."""
    people = Contact.objects.filter(customer__code=code, is_active=True).order_by("code")
    choice_of_rows(form, "contract").queryset = Contract.objects.filter(customer__code=code).order_by("-ends_on")
    choice_of_rows(form, "contact").queryset = people
    return people


def mark_needed(form: VerbForm, declaration: Declaration) -> None:
    """What a valid declaration needs (A-14); an invalid one is recorded with whatever is known."""
    needed = ["customer", "contract"] if declaration.channel in INTERNAL_CHANNELS else PARTY
    for name in needed:
        form.fields[name].required = True


def missing_answers(posted: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each question of the tree that is still open."""
    found = {}
    if posted.get("valid") not in ("yes", "no"):
        found["valid"] = _("Say whether it is valid.")
    if posted.get("valid") == "yes" and posted.get("kind") not in [key for key, _name, _about in KINDS]:
        found["kind"] = _("Say what it is about.")
    if posted.get("kind") in ("incident", "request") and posted.get("scope") not in ANSWERS:
        found["scope"] = _("Say whether the contract covers it.")
    return found
