"""What is typed about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department, Qualification, User
from accounts.queries import standing_departments
from base.forms import choice_of_rows
from ui import fields

FIELDS = ("name", "name_en", "title", "department", "mobile", "email")
ACCOUNT = RegexValidator(r"^[\w.@+-]+\Z", _("Letters, digits and @ . + - _ only, without blanks."))


class PersonForm(forms.Form):
    """What an administrator changes of a person."""

    name = fields.line(pgettext_lazy("person", "Name"), longest=60, help_text=_("Family name first, in one field."))
    name_en = fields.line(pgettext_lazy("person", "Name in English"), longest=100, required=False)
    title = fields.line(_("Job title"), longest=60, required=False)
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=_("Choose the department")
    )
    mobile = fields.line(_("Mobile"), longest=40, required=False)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, help_text=_("Where messages of the desk go.")
    )

    def __init__(self, *args: Any, person: User | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = standing_departments()
        if person is not None:
            offered = offered | Department.objects.filter(pk=person.department_id)
        choice_of_rows(self, "department").queryset = offered

    @classmethod
    def initial_of(cls, person: User) -> dict[str, Any]:
        return {**{name: getattr(person, name) for name in FIELDS}, "department": person.department_id}


class NewPersonForm(PersonForm):
    """Somebody who is new; account and number stay."""

    username = fields.line(
        _("Account"),
        longest=60,
        validators=[ACCOUNT],
        help_text=_("The name to sign in with. It is never changed."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    employee_number = fields.line(_("Employee number"), longest=20)
    language = forms.ChoiceField(label=_("Language"), choices=User.Language.choices, widget=forms.RadioSelect)
    field_order = ("name", "name_en", "username", "employee_number", *FIELDS[2:], "language")


class QualificationForm(forms.Form):
    """A proof of skill."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Qualification.Kind.choices, widget=forms.RadioSelect)
    evidence = fields.line(
        _("Evidence"), longest=200, help_text=_("Certificate, training or assessment, with its number.")
    )
    obtained_on = fields.day(_("Obtained on"))
    expires_on = fields.day(_("Valid until"), required=False, help_text=_("Empty: without an end."))
