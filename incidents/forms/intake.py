"""Forms of intake and screening (clauses 5.4.1 and 5.4.2)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.access import may_keep_contacts
from accounts.models import Contact, Customer
from base import wording
from base.forms import choice_of_rows
from base.text import side_by_side
from incidents.access.people import receivers
from incidents.actions import Party, ScopeAnswers, typed_caller
from incidents.forms import fields
from incidents.forms.base import VerbForm
from incidents.forms.files import WithFiles
from incidents.models import Declaration, InvalidReason, Type
from sla.models import Contract


class RespondForm(WithFiles):
    way = fields.way()
    contact = fields.ContactField(_("Who was told"), required=False)
    to = fields.line(_("Or, not in the register"), required=False)
    text = fields.text(_("What the caller was told"))
    responded_at = fields.moment(_("When, if earlier"), required=False)


class ScreeningForm(VerbForm):
    """What every outcome of screening asks: the three questions of scope and the party."""

    is_customer = fields.yes_no(_("Is or was it a customer of ours?"), required=False)
    contract_in_force = fields.yes_no(_("Is a contract in force?"), required=False)
    service_in_contract = fields.yes_no(_("Is the matter part of the contract?"), required=False)
    customer = fields.CustomerField(required=False)
    contract = forms.ModelChoiceField(
        Contract.objects.none(),
        label=_("Contract"),
        to_field_name="number",
        empty_label=_("Not chosen"),
        required=False,
    )
    contact = fields.ContactField(required=False)
    contact_means = fields.line(_("Phone or e-mail"), required=False)
    enters_caller = forms.BooleanField(
        label=_("Enter the caller as a new contact"),
        required=False,
        help_text=_("The contact then need not be chosen."),
    )

    def __init__(self, *args: Any, declaration: Declaration, **options: Any) -> None:
        super().__init__(*args, declaration=declaration, **options)
        chosen = self.data.get("customer") if self.is_bound else None
        # The code of a customer that was merged stands for the one that goes on, as in the field beside it.
        named = Customer.objects.filter(Q(code=chosen) | Q(merged__code=chosen)) if chosen else None
        of_customer = {"customer": declaration.customer_id} if named is None else {"customer__in": named.values("pk")}
        contacts, contracts = choice_of_rows(self, "contact"), choice_of_rows(self, "contract")
        contacts.queryset = Contact.objects.filter(**of_customer, is_active=True)
        contracts.queryset = Contract.objects.filter(**of_customer).select_related("customer").order_by("number")
        self._offer_caller(declaration)

    def _offer_caller(self, declaration: Declaration) -> None:
        """Only who was typed and is nobody's contact yet can be entered as one."""
        typed = typed_caller(declaration)
        if declaration.contact_id or not typed["name"]:
            del self.fields["enters_caller"]
            return
        number = wording.phone(typed["number"]) if typed["number"] else typed["email"]
        names = {"caller": side_by_side(typed["name"], number)}
        self.fields["enters_caller"].label = _("Enter %(caller)s as a new contact") % names

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        answers = ScopeAnswers(*(cleaned.pop(name) for name in ScopeAnswers.__dataclass_fields__))
        party = Party(**{name: cleaned.pop(name) for name in Party.__dataclass_fields__ if name in cleaned})
        return {**cleaned, "answers": answers, "party": party}


class InvalidForm(ScreeningForm):
    reason = forms.ChoiceField(label=_("Why it is not valid"), choices=InvalidReason.choices)
    duplicate_of = fields.DeclarationField(label=_("Number of the first declaration"), required=False)
    text = fields.text(_("Explanation"), required=False)
    caller_told = forms.BooleanField(label=_("The caller has been told"), required=False)
    told_way = fields.way(required=False)
    told_text = fields.text(_("In which words, if not the reason above"), required=False, rows=2)


class IncidentForm(ScreeningForm):
    """An incident goes on to classification."""


class RequestForm(ScreeningForm):
    """The text of the record goes on as it stands; what is added stands apart."""

    additions = fields.text(_("Further demands of the caller"), required=False)


class HandOverForm(ScreeningForm):
    type = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            (each.value, each.label)
            for each in (Type.COMPLAINT, Type.INFOSEC, Type.OUT_OF_SCOPE_CUSTOMER, Type.OUT_OF_SCOPE_SERVICE)
        ],
    )
    receiver = fields.PersonField(_("Receiver"))
    content = fields.text(_("What the receiver has to know"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields.people_of(self, "receiver").offer(receivers(), near=self.actor.user)


class EnterCallerForm(VerbForm):
    """The caller as a contact; begins with what was typed."""

    name = fields.line(pgettext_lazy("person", "Name"), longest=60)
    number = fields.line(_("Phone"), longest=40, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    title = fields.line(_("Job title"), longest=60, required=False)


class TieContactForm(VerbForm):
    """The tick is offered where there is a number to keep, to whoever keeps the customer's contacts."""

    contact = fields.ContactField(_("Who called"))
    keep_number = forms.BooleanField(label=_("Keep the number that was typed"), required=False)

    def __init__(self, *args: Any, declaration: Declaration, **options: Any) -> None:
        super().__init__(*args, declaration=declaration, **options)
        number, customer = declaration.caller_phone, declaration.customer
        if number and customer is not None and may_keep_contacts(self.actor, customer):
            self.fields["keep_number"].label = _("Add %(number)s to the numbers of this contact") % {
                "number": wording.phone(number)
            }
        else:
            del self.fields["keep_number"]


class ChangeTypeForm(VerbForm):
    to = forms.ChoiceField(
        label=_("The right type"), choices=[choice for choice in Type.choices if choice[0] not in ("", Type.INVALID)]
    )
    reason = fields.text(_("Reason"))


class SecurityTwinForm(VerbForm):
    subject = fields.line(_("Subject"))
    body = fields.text(_("What concerns information security"), rows=5)


class OpinionForm(VerbForm):
    agrees = fields.yes_no(_("Do you agree?"))
    text = fields.text(_("Opinion"))
    role = forms.ChoiceField(
        label=_("Given as"),
        required=False,
        choices=[
            ("", _("My role here")),
            ("department_head", _("Head of department")),
            ("risk_control", _("Risk control")),
        ],
    )


class ReasonForm(VerbForm):
    reason = fields.text(_("Reason"))


class CompleteRequestForm(VerbForm):
    result = fields.text(_("Result"))
    completed_on = fields.day(_("Completed on"))


class CompleteHandoverForm(VerbForm):
    reference = fields.line(_("Number in the other process"), longest=100)
    result = fields.text(_("Result"))
