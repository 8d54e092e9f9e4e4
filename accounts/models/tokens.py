"""Keys for programs."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ledger.models import Record


class ApiToken(Record):
    """A key that lets a program act as its owner; only the digest of the key is kept."""

    stream_kind: ClassVar[str] = "token"
    unrecorded: ClassVar[tuple[str, ...]] = ("digest", "last_used_at")

    class Scope(models.TextChoices):
        READ = "read", _("Read only")
        WRITE = "write", _("Read and write")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="tokens"
    )
    name = models.CharField(_("purpose"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    beginning = models.CharField(_("begins with"), max_length=12, editable=False)
    scope = models.CharField(_("scope"), max_length=8, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(_("made at"), editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_after_it_is_made")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"

    def is_valid(self, at: datetime) -> bool:
        """Whether it opens anything at that instant."""
        return self.revoked_at is None and at < self.expires_at
