"""Which of the records that have ended an auditor still has to look at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from incidents.models.declaration import Declaration


class AwaitsReview(models.Model):
    """A record for which something speaks that has to be reviewed, and which nobody has signed for since it ended.

    Written where it ends and taken away by the signature: what was reviewed grows with the years, what waits does not.
    Which of the reasons its procedure asks for, the auditor's list says.
    """

    working_data: ClassVar[str] = "Found again from the records and their reviews; keeps the auditor's list short."

    declaration = models.OneToOneField(
        Declaration, primary_key=True, on_delete=models.PROTECT, related_name="awaits_review"
    )

    def __str__(self) -> str:
        return str(self.declaration_id)
