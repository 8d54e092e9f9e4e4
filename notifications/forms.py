"""What administrators and readers fill in about channels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from base.forms import choice, choice_of_rows
from notifications.actions import Setting
from notifications.kinds import Kind
from notifications.models import Bot
from ui import fields

LEVELS = [(1, _("Level 1")), (2, _("Level 2")), (3, _("Level 3")), (4, _("Level 4"))]


class _WriteOnly(forms.TextInput):
    """What is typed here is a secret: no page gives it back, not even one that tells of an error."""

    def format_value(self, value: Any) -> None:
        return None


class BotForm(forms.Form):
    """A robot. Address and secret are only ever typed in: what is kept is not shown, and empty keeps it."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    product = forms.ChoiceField(label=_("Product"), choices=Bot.Product.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As people call the group."))
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        empty_label=_("Choose the department"),
        help_text=_("It hears what reaches the people of this department."),
    )
    kinds = forms.MultipleChoiceField(label=_("Events"), choices=Kind.choices, widget=forms.CheckboxSelectMultiple)
    levels = forms.TypedMultipleChoiceField(
        label=_("Levels"), choices=LEVELS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=600,
        required=False,
        widget=_WriteOnly(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
    )
    secret = forms.CharField(
        label=_("Signing secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("DingTalk and Feishu: the secret of the signature. Webhook: whsec_… as its receiver knows it."),
    )
    is_active = forms.BooleanField(label=_("Active"), required=False)

    def __init__(self, *args: Any, bot: Bot | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        choice_of_rows(self, "department").queryset = Department.objects.order_by("code")
        self.fields["address"].required = bot is None
        if bot is None:
            self.fields["address"].help_text = _(
                "Paste the whole address that the product shows. It is kept encrypted."
            )
            return
        del self.fields["product"]
        hint = _("One is kept and not shown. Leave empty to keep it.")
        self.fields["address"].help_text = hint
        if bot.sealed_secret:
            self.fields["secret"].help_text = hint

    def setting(self) -> Setting:
        """What the actions take."""
        values = {key: value for key, value in self.cleaned_data.items() if key not in ("version", "product")}
        return Setting(**values)


class ForgottenForm(forms.Form):
    """Whose password is forgotten."""

    use_required_attribute = False
    name = fields.line(
        _("Account or e-mail address"),
        longest=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class PreferencesForm(forms.Form):
    """One box for each kind and channel, named kind.channel."""

    wanted = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choice(self, "wanted").choices = [(f"{kind}.{channel}",) * 2 for kind, channel in choices]

    def pairs(self) -> set[tuple[str, str]]:
        """The chosen (kind, channel) pairs."""
        return {(kind, channel) for kind, _dot, channel in (one.partition(".") for one in self.cleaned_data["wanted"])}
