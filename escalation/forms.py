"""Forms of escalation and warnings (clauses 5.4.5 and 5.4.6)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from accounts.queries import head_of
from base.forms import choice_of_rows
from escalation.models import EscalationRequest, Warning
from incidents.access.people import readers
from incidents.forms import VerbForm, fields
from incidents.models import Way


class RequestEscalationForm(VerbForm):
    trigger = forms.ChoiceField(
        label=_("Trigger"), choices=[("", _("As classified")), *EscalationRequest.Trigger.choices], required=False
    )
    reason = fields.text(_("Why it should become a problem"))


class DecideForm(VerbForm):
    approved = fields.yes_no(_("Raise it to a problem?"))
    reason = fields.text(_("Reason"))


class CountersignForm(VerbForm):
    agrees = fields.yes_no(_("Do you countersign?"))
    opinion = fields.text(_("Opinion"))


class WarnForm(VerbForm):
    """Warn the head and the customer, both chosen by default."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Warning.Kind.choices)
    staff = fields.PeopleField(label=_("Colleagues"), to_field_name="employee_number", required=False)
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("Customer"), to_field_name="code", required=False
    )
    reason = fields.text(_("Why the time is in danger"))
    expected_at = fields.moment(_("New expected time"), required=False)
    letter = fields.text(
        _("What the customer is told"),
        required=False,
        help_text=_("Stands on the record as it is. By e-mail it goes out from here; else you have said it yourself."),
    )
    way = fields.way(initial=Way.EMAIL, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        head = head_of(self.declaration.department)
        staff, contacts = self.fields["staff"], choice_of_rows(self, "contacts")
        likely = [head.pk if head else None, self.declaration.desk_id, self.declaration.handler_id]
        fields.people_of(self, "staff").offer(readers(self.declaration), near=self.actor.user, likely=likely)
        contacts.queryset = Contact.objects.filter(customer=self.declaration.customer_id, is_active=True)
        staff.initial = [head.employee_number] if head else []
        contacts.initial = [self.declaration.contact.code] if self.declaration.contact else []

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        return {**cleaned, "way": cleaned["way"] or Way.EMAIL}


class AcknowledgeForm(forms.Form):
    """The receipt for a problem, with the number under which it is worked on there."""

    use_required_attribute = False

    reference = fields.line(_("Number in problem management"), required=False, longest=64)
