"""Which declarations a program wants to see, and a call as a program sends it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact
from incidents.forms import fields
from incidents.forms.call import CallForm
from incidents.models import Channel, State, Type

MOST = 20


class CodesField(forms.CharField):
    """Codes, separated by commas; cleaned to a list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=400, validators=[fields.no_control_characters], **options)

    def clean(self, value: object) -> list[str]:
        found = super().clean(value)
        return [code.strip() for code in found.split(",") if code.strip()][:MOST]


class FilterForm(forms.Form):
    """The filters of the list; each may be given once, several values are separated by commas."""

    state = CodesField(label=_("State"), help_text=", ".join(State.values))
    type = CodesField(label=_("Type"), help_text=", ".join(each for each in Type.values if each))
    level = CodesField(label=_("Level"), help_text="1, 2, 3, 4")
    channel = CodesField(label=_("Channel"), help_text=", ".join(Channel.values))
    customer = CodesField(label=_("Customer"))
    department = CodesField(label=_("Department"))
    handler = CodesField(label=_("Handler"))
    leaf = CodesField(label=_("Category"))
    received_from = fields.moment(_("Received from"), required=False)
    received_to = fields.moment(_("Received before"), required=False)
    q = fields.line(_("Search"), required=False, longest=100)

    def clean_state(self) -> list[str]:
        return self._known("state", State.values)

    def clean_type(self) -> list[str]:
        return self._known("type", Type.values)

    def clean_level(self) -> list[str]:
        return self._known("level", ["1", "2", "3", "4"])

    def clean_channel(self) -> list[str]:
        return self._known("channel", Channel.values)

    def _known(self, name: str, values: list[str]) -> list[str]:
        found: list[str] = self.cleaned_data[name]
        if unknown := [value for value in found if value not in values]:
            raise forms.ValidationError(_("Unknown value: %(value)s.") % {"value": unknown[0]})
        return found


class ProgramCallForm(CallForm):
    """A call as programs send it, accepted at the desk or passed on: people by their codes."""

    contact = forms.ModelChoiceField(
        Contact.objects.filter(is_active=True).select_related("customer__department"),
        label=_("Contact"),
        to_field_name="code",
        required=False,
    )
    contact_means = fields.line(_("Phone or e-mail"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        contact, customer = cleaned.get("contact"), cleaned.get("customer")
        if contact and customer and contact.customer_id != customer.pk:
            self.add_error("contact", ValidationError(_("This person belongs to another customer.")))
        return cleaned
