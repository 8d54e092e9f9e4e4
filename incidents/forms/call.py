"""A call: what is asked of it, once for page, relay and programs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department
from base.phones import normalised
from incidents.actions import Call, original_lacks
from incidents.forms import fields
from incidents.forms.files import FilesField, as_upload
from incidents.models import OF_CHANNEL, OF_INTERNAL, OF_PAPER, Channel


class CallForm(forms.Form):
    """What is asked of every call; `call()` is what the actions take."""

    use_required_attribute = False

    channel = forms.ChoiceField(
        label=_("Channel"), choices=Channel.choices, initial=Channel.PHONE, widget=forms.RadioSelect
    )
    caller_name = fields.line(_("Caller"), required=False, longest=100)
    caller_phone = fields.line(_("Number for calling back"), required=False, longest=40)
    caller_company = fields.line(_("Company"), required=False)
    customer = fields.CustomerField(_("Affected customer"), required=False)
    subject = fields.line(
        _("Subject"),
        widget=forms.TextInput(attrs={"placeholder": _("In one line: whose what is how"), "autocomplete": "off"}),
    )
    body = fields.text(
        _("Content"), rows=5, help_text=_("In the customer's own words; a service request goes to the head unaltered.")
    )
    received_at = fields.moment(_("Received"))
    other_demands = fields.line(
        _("Other demands"),
        required=False,
        longest=fields.LONGEST,
        widget=forms.TextInput(attrs={"placeholder": _("e.g. mail only, do not call the office")}),
    )
    late_reason = fields.line(_("Why it is logged so late"), required=False, longest=500)
    answered_live = forms.BooleanField(
        label=_("Answered in person: this call is the first response"), required=False, initial=True
    )
    attachments = FilesField(label=_("Attachments"), required=False)
    pages = fields.pages(pgettext_lazy("paper", "Pages"))
    sender_reference = fields.line(_("Sender's reference"), required=False, longest=100)
    received_on = fields.day(_("Date stamp"), required=False)
    no_file_reason = fields.line(_("No file, because"), required=False, longest=500)
    source = fields.line(_("Tool or round"), required=False, longest=100)
    system = fields.line(_("System"), required=False, longest=100)
    source_ref = fields.line(_("Alarm number"), required=False, longest=100)
    department = forms.ModelChoiceField(
        Department.objects.all(),
        label=_("Department that was called"),
        to_field_name="code",
        required=False,
        empty_label=_("Not chosen"),
    )

    def clean(self) -> dict[str, Any]:
        """Tell what a letter, a fax or an e-mail lacks together with the rest, not after it (R-5.3-2)."""
        cleaned = super().clean() or self.cleaned_data
        for name, sentence in original_lacks(cleaned.get("channel", ""), cleaned.get("no_file_reason", "")).items():
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, ValidationError(str(sentence)))
        return cleaned

    def call(self) -> Call:
        """The call as the actions take it; what belongs to other channels does not count."""
        strange = {*OF_PAPER, *OF_INTERNAL} - set(OF_CHANNEL.get(self.channel_given, ()))
        known = Call.__dataclass_fields__.keys() - strange
        values = {name: value for name, value in self.cleaned_data.items() if name in known}
        uploads = tuple(filter(None, map(as_upload, values.get("attachments", []))))
        return Call(**{**values, "channel": self.channel_given, "attachments": uploads, **self.who_called()})

    def who_called(self) -> dict[str, Any]:
        """Who called, by the names of a call."""
        return {"caller_phone": normalised(self.cleaned_data["caller_phone"])}

    @property
    def channel_given(self) -> str:
        """By telephone, where the channel is not asked for."""
        return str(self.cleaned_data.get("channel", Channel.PHONE))

    @property
    def answers_live(self) -> bool:
        """A call that was answered in person is responded to at its receipt (A-07)."""
        return self.channel_given == Channel.PHONE and bool(self.cleaned_data.get("answered_live"))
