"""Who has forgotten a password, until somebody is told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AskedLink(models.Model):
    """Somebody has asked for a link to set a password anew; the row goes with the answer.

    What was typed is sealed: it may be the name of an account, an address, or a password in the wrong field.
    """

    working_data: ClassVar[str] = "Waits for a minute; what comes of it stands in the person's chain or as a refusal."

    sealed = models.TextField(editable=False)
    address = models.CharField(max_length=45)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
