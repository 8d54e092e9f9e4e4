"""What is typed about departments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import DayField, text_lines
from accounts.models import Department

FIELDS = ("name", "name_en", "kind", "description")


class DepartmentForm(forms.Form):
    """What can be changed of a department."""

    name = forms.CharField(label=_("Name"), max_length=100)
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Department.Kind.choices, widget=forms.RadioSelect)
    description = forms.CharField(
        label=_("What it does"), max_length=2000, required=False, widget=text_lines(), help_text=_("For colleagues.")
    )

    @classmethod
    def initial_of(cls, department: Department) -> dict[str, Any]:
        return {name: getattr(department, name) for name in FIELDS}


class NewDepartmentForm(DepartmentForm):
    """A department that is entered; its code stays."""

    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Short, as people write it, such as D01. It is never changed.")
    )
    field_order = ("code", *FIELDS)


class EndDepartmentForm(forms.Form):
    """The last day of a department."""

    on = DayField(label=_("Last day"), help_text=_("This day still belongs to the department."))
