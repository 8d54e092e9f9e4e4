"""What a person wants to hear of, and how."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from notifications.kinds import Kind
from notifications.models.outbox import Notification


class Preference(models.Model):
    """A choice of a person that differs from the default: the portal yes, e-mail no."""

    working_data: ClassVar[str] = "What a person wants to hear; changes what is sent, never what was."

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="preferences")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Notification.Channel.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.channel}"
