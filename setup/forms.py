"""Opening a new desk, and leaving the firm."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PersonField
from accounts.models import User
from setup.queries import Holding
from ui import fields


class FirstAccountForm(forms.Form):
    """Who the first administrator is; what a password must be, the action says."""

    code = fields.line(
        _("Code of the first start"),
        longest=40,
        help_text=_("It stands in the window in which the desk was started, and in the log of the migration."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    name = fields.line(_("Your name"), longest=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    username = fields.line(
        _("Account"),
        longest=60,
        help_text=_("The name to sign in with; it stays as it is."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    employee_number = fields.line(User._meta.get_field("employee_number").verbose_name, longest=20, required=False)
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("Password once more"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password_again(self) -> str:
        """Refuse a repetition that differs."""
        again: str = self.cleaned_data["password_again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two passwords differ."))
        return again


class LeaveForm(forms.Form):
    """A successor for each thing that the person holds, and the reason."""

    reason = fields.text(_("Reason"), longest=500, rows=2)

    def __init__(self, *args: Any, held: Iterable[Holding], by: User | None, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = {one.name: _successor(one, by) for one in held}
        self.fields = {**asked, **self.fields}

    def successors(self) -> dict[str, User]:
        """The chosen people by the name of what they take on."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


def _successor(held: Holding, by: User | None) -> PersonField:
    """Roles and delegations nobody gives to himself."""
    field = PersonField(label=held.label, empty_label=_("Choose the successor"))
    own = by is not None and held.kind in ("grant", "delegation")
    field.queryset = held.offered.exclude(pk=by.pk) if own and by else held.offered
    return field
