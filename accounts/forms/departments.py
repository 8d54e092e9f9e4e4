"""What is typed about departments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from ui import fields

FIELDS = ("name", "name_en", "kind", "description")


class DepartmentForm(forms.Form):
    """What can be changed of a department."""

    name = fields.line(_("Name"), longest=100)
    name_en = fields.line(_("Name in English"), longest=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Department.Kind.choices, widget=forms.RadioSelect)
    description = fields.text(_("What it does"), longest=2000, required=False, help_text=_("For colleagues."))

    @classmethod
    def initial_of(cls, department: Department) -> dict[str, Any]:
        return {name: getattr(department, name) for name in FIELDS}


class NewDepartmentForm(DepartmentForm):
    """A department that is entered; its code stays."""

    code = fields.line(
        _("Code"), longest=20, help_text=_("Short, as people write it, such as D01. It is never changed.")
    )
    field_order = ("code", *FIELDS)


class EndDepartmentForm(forms.Form):
    """The last day of a department."""

    on = fields.day(_("Last day"), help_text=_("This day still belongs to the department."))
