"""Fields that several forms have."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User


class PersonField(forms.ModelChoiceField):
    """One of our people, told apart by number where names are the same; whom it offers is set later."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=User.objects.none(), **options)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_full_name()} ({obj.employee_number})"
