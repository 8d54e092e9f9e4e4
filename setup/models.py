"""What only a person can say of how the desk is run."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.guards import Guard
from ledger.models import Record


class Confirmation(Record):
    """Somebody has seen to something that no data tell of; who, when and with which remark. The newest counts."""

    stream_kind: ClassVar[str] = "confirmation"
    guard: ClassVar[Guard] = "append_only"

    class Kind(models.TextChoices):
        CALENDAR = "calendar", _("The working hours are ours")
        BACKUP = "backup", _("Backups are made, and one was restored on trial")
        KEYS = "keys", _("Keys are kept apart from the desk")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-confirmed_at", "-id"]
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        indexes = [models.Index(fields=["kind", "-confirmed_at"], name="confirmation_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.confirmed_at:%Y-%m-%d}"
