"""Signing in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.passwords import is_own_password


class SignInForm(AuthenticationForm):
    """Account and password; the answer to a wrong pair never says which of the two is wrong."""

    error_messages = {
        "invalid_login": _("Account or password is wrong."),
        "inactive": _("Account or password is wrong."),
    }


class OwnPasswordForm(PasswordChangeForm):
    """The old password, which counts as a try, and twice the new one."""

    def __init__(self, *args: Any, request: HttpRequest, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        if not is_own_password(self.request, password):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password

    def validate_password_for_user(self, user: Any, *_fields: str) -> None:
        """What is wrong with the new password stands at the field that has it, not at its repetition."""
        super().validate_password_for_user(user, "new_password1")


class LinkPasswordForm(SetPasswordForm):
    """Twice the new password, for whoever has a link."""

    def validate_password_for_user(self, user: Any, *_fields: str) -> None:
        """What is wrong stands at the field that has it."""
        super().validate_password_for_user(user, "new_password1")
