"""Which declarations a program wants to see."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms import fields
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
