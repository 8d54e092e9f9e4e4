"""Fields that several forms have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User

EARLIEST, LATEST = "2000-01-01", "2199-12-31"


class DayField(forms.DateField):
    """A day from 2000 to 2199, so that the day before and after it are days as well."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": EARLIEST, "max": LATEST})

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not EARLIEST <= day.isoformat() <= LATEST:
            raise forms.ValidationError(_("Choose a day from 2000 to 2199."))
        return day


class PersonField(forms.ModelChoiceField):
    """One of our people, told apart by number where names are the same; whom it offers is set later."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=User.objects.none(), **options)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_full_name()} ({obj.employee_number})"


def text_lines(rows: int = 3) -> forms.Textarea:
    """A box for some lines of text."""
    return forms.Textarea(attrs={"rows": rows})
