"""Signing in."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

REMEMBERED_DAYS = 7


class SignInForm(AuthenticationForm):
    """Account and password; the answer to a wrong pair never says which of the two is wrong."""

    remember = forms.BooleanField(label=_("Keep me signed in on this device for 7 days"), required=False)

    error_messages = {
        "invalid_login": _("Account or password is wrong."),
        "inactive": _("Account or password is wrong."),
    }
