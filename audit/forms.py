"""What an auditor and the owner of a finding fill in; what is missing the actions say."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import PersonField
from accounts.queries import colleagues
from audit.models import Conclusion
from audit.queries import REVIEWED_CLAUSES
from incidents.models import Declaration


class AuditForm(forms.Form):
    """A form with the version of the review that the page showed."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """The keyword arguments of the action."""
        return dict(self.cleaned_data)


class _Verdicts(forms.RadioSelect):
    """The three verdicts, each under a digit of the keyboard."""

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        option["attrs"]["data-key"] = str(Conclusion.Verdict.values.index(value) + 1)
        return option


class ConcludeForm(AuditForm):
    clause = forms.CharField(widget=forms.HiddenInput, max_length=16)
    conclusion = forms.ChoiceField(
        label=_("Conclusion"),
        choices=Conclusion.Verdict.choices,
        widget=_Verdicts,
        error_messages={"required": _("Met, not met, or not applicable?")},
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where something was not met."),
    )


class FindingForm(AuditForm):
    clause = forms.ChoiceField(
        label=_("Clause"),
        choices=[("", "–"), *((clause, f"§{clause}") for clause in REVIEWED_CLAUSES)],
        error_messages={"required": _("This clause is not reviewed.")},
    )
    text = forms.CharField(
        label=_("Finding"),
        max_length=4000,
        error_messages={"required": _("Describe the finding.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = PersonField(
        label=_("Owner"),
        error_messages={"required": _("Choose who corrects it.")},
    )
    due = forms.DateField(
        label=_("To be corrected by"),
        error_messages={"required": _("Say until when.")},
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    cause = forms.CharField(label=_("Cause"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    action = forms.CharField(
        label=_("Corrective action"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("PersonField", self.fields["owner"]).offer(colleagues())

    def about(self, declaration: Declaration) -> FindingForm:
        """Whoever worked on the record comes first among those who may have to correct it; the form itself."""
        likely = (declaration.handler_id, declaration.desk_id, declaration.accepted_by_id)
        cast("PersonField", self.fields["owner"]).offer(colleagues(), near=declaration.handler, likely=likely)
        return self


class SignForm(AuditForm):
    note = forms.CharField(
        label=_("Overall remark"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    password = forms.CharField(
        label=_("Your password"),
        error_messages={"required": _("The password is not right.")},
        strip=False,
        # The last thing to do, once every clause is judged.
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "data-focus": True}),
    )


class CorrectForm(AuditForm):
    cause = forms.CharField(
        label=_("Cause"),
        max_length=4000,
        error_messages={"required": _("Say what caused it.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    action = forms.CharField(
        label=_("Corrective action"),
        max_length=4000,
        error_messages={"required": _("Say which action keeps it from happening again.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    correction = forms.CharField(
        label=_("What was done"),
        max_length=4000,
        error_messages={"required": _("Say what was done and where the proof is.")},
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say also where the proof is kept."),
    )


class VerifyForm(AuditForm):
    holds = forms.TypedChoiceField(
        label=_("Does the correction hold?"),
        choices=[("yes", _("It holds")), ("no", _("Send it back"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where it does not hold."),
    )
