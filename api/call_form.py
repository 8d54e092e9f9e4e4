"""A call as programs send it: the same values as on the page, people and customers by their codes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Customer, Department
from base.phones import normalised
from incidents.actions import Call
from incidents.forms import as_upload, fields
from incidents.forms.call import NO_FILE, FilesField
from incidents.models import INTERNAL_CHANNELS, PAPER_CHANNELS, WRITTEN_CHANNELS, Channel


class CallForm(forms.Form):
    """A call, accepted at the desk or passed on by somebody else."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    received_at = fields.moment(_("Received"))
    subject = fields.line(_("Subject"))
    body = fields.text(_("Content"))
    contact = forms.ModelChoiceField(
        Contact.objects.filter(is_active=True).select_related("customer__department"),
        label=_("Contact"),
        to_field_name="code",
        required=False,
    )
    customer = forms.ModelChoiceField(
        Customer.objects.select_related("department"), label=_("Customer"), to_field_name="code", required=False
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department that was called"), to_field_name="code", required=False
    )
    caller_name = fields.line(_("Caller"), required=False, longest=100)
    caller_phone = fields.line(_("Number for calling back"), required=False, longest=40)
    caller_company = fields.line(_("Company"), required=False)
    contact_means = fields.line(_("Phone or e-mail"), required=False)
    other_demands = fields.text(_("Other demands"), required=False)
    late_reason = fields.line(_("Why it is logged so late"), required=False, longest=500)
    attachments = FilesField(label=_("Attachments"), required=False)
    pages = fields.pages(_("Pages"))
    sender_reference = fields.line(_("Sender's reference"), required=False, longest=100)
    received_on = fields.day(_("Date stamp"), required=False)
    no_file_reason = fields.line(NO_FILE, required=False, longest=500)
    source = fields.line(_("Tool or round"), required=False, longest=100)
    system = fields.line(_("System"), required=False, longest=100)
    source_ref = fields.line(_("Alarm number"), required=False, longest=100)
    answered_live = forms.BooleanField(label=_("Answered in person: this call is the first response"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        contact, customer = cleaned.get("contact"), cleaned.get("customer")
        if contact and customer and contact.customer_id != customer.pk:
            self.add_error("contact", ValidationError(_("This person belongs to another customer.")))
        return cleaned

    def call(self) -> Call:
        """The call as the actions take it; what belongs to other channels does not count."""
        given = dict(self.cleaned_data)
        del given["answered_live"]
        uploads = [as_upload(file) for file in given.pop("attachments")]
        given["attachments"] = tuple(upload for upload in uploads if upload is not None)
        given["caller_phone"] = normalised(given["caller_phone"])
        if given["channel"] not in PAPER_CHANNELS:
            given |= {"pages": None, "sender_reference": "", "received_on": None}
        if given["channel"] not in WRITTEN_CHANNELS:
            given["no_file_reason"] = ""
        if given["channel"] not in INTERNAL_CHANNELS:
            given |= {"source": "", "system": "", "source_ref": ""}
        return Call(**given)

    @property
    def answers_live(self) -> bool:
        """A call that was answered in person is responded to at its receipt (A-07)."""
        return bool(self.cleaned_data["answered_live"]) and self.cleaned_data["channel"] == Channel.PHONE
