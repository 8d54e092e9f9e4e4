"""Departments and the people of the firm."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from base.text import fold
from base.zones import is_zone
from ledger.models import Record


class Standing(models.QuerySet["Department"]):
    def standing(self, day: date) -> Standing:
        """Departments that have not ended by that day, which may still take people, customers and roles."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day))


class Department(Record):
    """A business department or one of the functional units that the procedure names.

    `ended_on` is its last day; what it did before stays. No two codes may look alike: `folded_code` is the code as
    `base.text.fold` has it, empty only where an older desk had entered two such codes.
    """

    stream_kind: ClassVar[str] = "department"
    unrecorded: ClassVar[tuple[str, ...]] = ("folded_code",)

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business department")
        RISK_CONTROL = "risk_control", _("Risk control")
        IMPROVEMENT = "improvement", _("Service improvement group")
        SALES = "sales", _("Sales")
        MANAGEMENT = "management", _("Management")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100, unique=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.BUSINESS)
    description = models.TextField(_("description"), blank=True)
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    folded_code = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)

    objects = Standing.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return _in_language(self.name, self.name_en)

    def derive(self, before: Mapping[str, Any] | None, told: Collection[str]) -> None:
        """A code is given once."""
        if before is None:
            self.folded_code = fold(self.code)

    def has_ended(self, day: date) -> bool:
        """Whether its last day lies before that day."""
        return self.ended_on is not None and self.ended_on < day


class UserManager(BaseUserManager["User"]):
    """Finds accounts by their sign-in name; accounts are made by `accounts.actions` only."""


class User(AbstractBaseUser, PermissionsMixin, Record):
    """Somebody on staff who signs in. What they may do follows from role grants, never from flags of the account."""

    stream_kind: ClassVar[str] = "staff"
    unrecorded: ClassVar[tuple[str, ...]] = ("password", "last_login")

    class Language(models.TextChoices):
        CHINESE = "zh-hans", _("简体中文")
        ENGLISH = "en", _("English")

    class Theme(models.TextChoices):
        DEVICE = "device", _("As the device is set")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    username = models.CharField(
        _("account"), max_length=60, unique=True, error_messages={"unique": _("This account exists already.")}
    )
    employee_number = models.CharField(_("employee number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60, help_text=_("Family name first, in one field."))
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    title = models.CharField(_("job title"), max_length=60, blank=True)
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="people"
    )
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(default=False, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.CHINESE)
    # Empty: never chosen, so that each browser shows what was switched there before accounts kept it.
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai", validators=[is_zone])
    shortcuts_enabled = models.BooleanField(_("single-letter shortcuts"), default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["employee_number"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [models.Index(fields=["department", "employee_number"], name="user_department")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name as the reader's language writes it."""
        return _in_language(self.name, self.name_en)

    def get_short_name(self) -> str:
        return self.name


def _in_language(chinese: str, english: str) -> str:
    return english if english and (get_language() or "").startswith("en") else chinese
