"""What a letter carries that nobody else may read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import PasswordLink
from notifications.models.outbox import Notification


class Enclosure(models.Model):
    """The secret of a password link on its way by mail.

    `sealed` is encrypted (`notifications.sealing`). The row goes with the attempt that delivers the letter or gives it
    up: what is left of the secret is then its digest at the link.
    """

    working_data: ClassVar[str] = "A secret on its way; the link tells what became of it, the outbox of its letter."

    notification = models.OneToOneField(
        Notification, on_delete=models.CASCADE, primary_key=True, related_name="enclosure"
    )
    link = models.OneToOneField(PasswordLink, on_delete=models.CASCADE, related_name="enclosure")
    sealed = models.TextField(editable=False)

    def __str__(self) -> str:
        return str(self.notification_id)
