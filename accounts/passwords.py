"""What a password must be, and the proof that whoever is signed in knows the own one."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.actions.sessions import record_failed_sign_in
from accounts.models import User
from base.text import fold

FEWEST_DIFFERENT = 5
# So much must be left of a password without the own name and numbers in it.
FEWEST_FOREIGN = 6
OWN = ("username", "name", "name_en", "employee_number", "mobile", "email")


class DifferentCharacters:
    """Refuses a password of a few characters again and again."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(set(password)) < FEWEST_DIFFERENT:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _("Use at least %(count)d different characters.") % {"count": FEWEST_DIFFERENT}


class NotOneself:
    """Refuses a password that is little more than the own name, account or number, however often."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = fold(password)
        for own in _own(user):
            rest = rest.replace(own, "")
        if len(rest) < min(FEWEST_FOREIGN, len(fold(password))):
            raise ValidationError(self.get_help_text(), code="password_too_own")

    def get_help_text(self) -> str:
        return _("Use more than your own name, account or number.")


class NotThePrevious:
    """Refuses the password that the account has already."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is not None and user.has_usable_password() and user.check_password(password):
            raise ValidationError(self.get_help_text(), code="password_unchanged")

    def get_help_text(self) -> str:
        return _("Use another password than the one until now.")


def _own(user: User | None) -> list[str]:
    """The person's names and numbers as they are compared, the longest first."""
    values = [str(getattr(user, name, "")).split("@")[0] for name in OWN] if user else []
    parts = {fold(part) for value in values for part in [value, *value.split()]}
    return sorted((part for part in parts if len(part) > 1), key=len, reverse=True)


def is_own_password(request: Any, password: str) -> bool:
    """Whether it is the password of the person who is signed in.

    A wrong one is counted, slowed and written down as at signing in: an open session is no place to guess.
    """
    user: User = request.user
    if authenticate(request, username=user.username, password=password) == user:
        return True
    locked = bool(getattr(request, "axes_locked_out", False))
    record_failed_sign_in(user.username, address=address_of(request), locked=locked)
    return False


def address_of(request: HttpRequest) -> str:
    """Where the request comes from, behind proxies that are trusted."""
    return str(request.META.get("REMOTE_ADDR", ""))
