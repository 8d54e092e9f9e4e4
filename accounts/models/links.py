"""Links by which somebody sets the own password."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ledger.models import Record


class PasswordLink(Record):
    """A link that sets the password of one person once; only the digest of its secret is kept, and a person has one
    open link of each origin at a time.

    One that somebody asked for who has forgotten the password stands beside that of an administrator and ends none, so
    that asking for somebody else takes nothing away.
    """

    stream_kind: ClassVar[str] = "password_link"
    unrecorded: ClassVar[tuple[str, ...]] = ("digest",)

    class Origin(models.TextChoices):
        GIVEN = "given", _("Made by an administrator")
        ASKED = "asked", _("Asked for, the password being forgotten")

    LIVES: ClassVar[Mapping[str, timedelta]] = {Origin.GIVEN: timedelta(hours=72), Origin.ASKED: timedelta(hours=1)}

    class Outcome(models.TextChoices):
        USED = "used", _("Used")
        REPLACED = "replaced", _("Replaced by a newer one")
        CHANGED = "changed", _("The password or the e-mail address was changed")
        CLOSED = "closed", _("The account was closed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="password_links")
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.GIVEN, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, editable=False)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("password link")
        verbose_name_plural = _("password links")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="password_link_expires_after_made"),
            models.UniqueConstraint(
                fields=["user", "origin"], condition=Q(ended_at=None), name="password_link_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.stream

    def opens(self, at: datetime) -> bool:
        """Whether it may be used at that instant."""
        return self.ended_at is None and at < self.expires_at
