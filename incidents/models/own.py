"""What somebody keeps beside a declaration for the own work; nothing of it belongs to the record."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from incidents.models.declaration import Declaration


class Watch(models.Model):
    """Somebody wants to hear what becomes of a record, for as long as they may read it."""

    working_data: ClassVar[str] = "Whom news reach besides those who have to act; changes what is told, never what was."

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "declaration"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.declaration_id}"


class Reminder(models.Model):
    """Somebody comes back to a record at a moment; until then its line may be folded away on the own desk.

    It stops no clock and goes with the end of the record.
    """

    working_data: ClassVar[str] = "How somebody arranges the own desk; no deadline, step or message depends on it."
    LONGEST: ClassVar[int] = 200

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="reminders")
    at = models.DateTimeField()
    note = models.CharField(max_length=LONGEST)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "declaration"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.declaration_id} {self.at}"

    @property
    def events(self) -> str:
        """How the keys of its own messages begin."""
        return f"reminder.{self.user_id}."
