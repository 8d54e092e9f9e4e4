"""Opening a new desk, and leaving the firm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import Known, PersonField
from accounts.models import User
from procedure.models import HEADER, ProcedureVersion
from procedure.queries import Words
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


class HeaderForm(forms.Form):
    """The header of the document in the firm's words, and the names of the first level of its category tree."""

    title = fields.line(_("Title"), longest=100)
    title_en = fields.line(_("Title in English"), longest=100, required=False)
    number = fields.line(_("Document number"), longest=60)
    issuer = fields.line(_("Issuer"), longest=100, help_text=_("The name of your firm, as it stands on every form."))
    controlled_status = fields.line(_("Control"), longest=20)
    confidentiality = fields.line(_("Confidentiality"), longest=20)
    issued_on = fields.day(_("Issued"))

    def __init__(self, *args: Any, levels: Sequence[Words], **options: Any) -> None:
        super().__init__(*args, **options)
        self.levels = levels
        for number, words in enumerate(levels):
            self.fields[f"level_{number}"] = fields.line(
                _("First level of the categories"), longest=40, initial=words.zh
            )
            self.fields[f"level_en_{number}"] = fields.line(
                _("First level in English"), longest=60, required=False, initial=words.en
            )

    @classmethod
    def over(cls, version: ProcedureVersion, levels: Sequence[Words]) -> HeaderForm:
        """The form over what stands."""
        return cls(initial={name: getattr(version, name) for name in HEADER}, levels=levels)

    def header(self) -> dict[str, Any]:
        """The fields of the version."""
        return {name: self.cleaned_data[name] for name in HEADER}

    def first_levels(self) -> dict[str, Words]:
        """The new names by those until now."""
        typed = self.cleaned_data
        return {
            words.zh: Words(typed[f"level_{number}"], typed[f"level_en_{number}"])
            for number, words in enumerate(self.levels)
        }


class OfficialTextForm(forms.Form):
    """The file of the document; what it must be, the action says."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File with the text of the procedure"),
        help_text=_("Plain text (.txt). In Word or WPS: Save as, plain text."),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt"}),
        error_messages={"required": _("Choose the file."), "empty": _("The file is empty. Choose another.")},
    )


class LeaveForm(forms.Form):
    """A successor for each thing that the person holds, and the reason."""

    reason = fields.text(_("Reason"), longest=500, rows=2)

    def __init__(
        self, *args: Any, held: Iterable[Holding], by: User | None, leaver: User | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        known: Known = {}
        asked = {one.name: _successor(one, by, leaver, known) for one in held}
        self.fields = {**asked, **self.fields}

    def successors(self) -> dict[str, User]:
        """The chosen people by the name of what they take on."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


def _successor(held: Holding, by: User | None, leaver: User | None, known: Known) -> PersonField:
    """Roles and delegations nobody gives to himself."""
    field = PersonField(label=held.label, empty_label=_("Choose the successor"))
    own = by is not None and held.kind in ("grant", "delegation")
    field.offer(held.offered.exclude(pk=by.pk) if own and by else held.offered, near=leaver, known=known)
    return field
