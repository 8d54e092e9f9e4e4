"""What is typed about people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import DayField
from accounts.models import Department, Qualification, User
from accounts.queries import standing_departments
from base.forms import choice_of_rows

FIELDS = ("name", "name_en", "title", "department", "mobile", "email")
ACCOUNT = RegexValidator(r"^[\w.@+-]+\Z", _("Letters, digits and @ . + - _ only, without blanks."))


class PersonForm(forms.Form):
    """What an administrator changes of a person."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=60, help_text=_("Family name first, in one field.")
    )
    name_en = forms.CharField(label=pgettext_lazy("person", "Name in English"), max_length=100, required=False)
    title = forms.CharField(label=_("Job title"), max_length=60, required=False)
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=_("Choose the department")
    )
    mobile = forms.CharField(label=_("Mobile"), max_length=40, required=False)
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

    username = forms.CharField(
        label=_("Account"),
        max_length=60,
        validators=[ACCOUNT],
        help_text=_("The name to sign in with. It is never changed."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    employee_number = forms.CharField(label=_("Employee number"), max_length=20)
    language = forms.ChoiceField(label=_("Language"), choices=User.Language.choices, widget=forms.RadioSelect)
    field_order = ("name", "name_en", "username", "employee_number", *FIELDS[2:], "language")


class QualificationForm(forms.Form):
    """A proof of skill."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Qualification.Kind.choices, widget=forms.RadioSelect)
    evidence = forms.CharField(
        label=_("Evidence"), max_length=200, help_text=_("Certificate, training or assessment, with its number.")
    )
    obtained_on = DayField(label=_("Obtained on"))
    expires_on = DayField(label=_("Valid until"), required=False, help_text=_("Empty: without an end."))
