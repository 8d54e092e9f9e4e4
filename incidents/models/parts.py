"""What every row of a declaration has: who wrote it and when, and whether it was struck out since."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.models.declaration import Declaration
from ledger.guards import FrozenWith, Guard


def person(*, null: bool = False, blank: bool = False) -> models.ForeignKey:
    """Whoever of the staff did it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=null, blank=blank, on_delete=models.PROTECT, related_name="+"
    )


def contact() -> models.ForeignKey:
    """Whoever of the customer was spoken to."""
    return models.ForeignKey("accounts.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class Part(models.Model):
    """A row of a declaration: who wrote it (empty for the system or a contact) and when it was written."""

    belongs_to: ClassVar[str] = "declaration"
    guard: ClassVar[Guard] = FrozenWith(parent="declaration", column="state", values=("filed",))
    undeletable: ClassVar[bool] = True

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="%(class)s_rows")
    by = person(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["at", "id"]


class Voidable(Part):
    """A row that can be struck out, as it was written twice or by mistake: it stays readable and counts for nothing.

    Who reads what the record holds asks for those `STANDING`.
    """

    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = person(null=True, blank=True)
    void_reason = models.TextField(blank=True, default="", db_default="")

    class Meta(Part.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(void_reason=""), name="%(class)s_voided_with_reason"
            )
        ]

    @property
    def row_name(self) -> str:
        """How pages, programs and files that belong to it name the row."""
        return f"{self._meta.model_name}:{self.pk}"

    @property
    def stands(self) -> bool:
        """Whether it counts."""
        return self.voided_at is None


STANDING = Q(voided_at__isnull=True)


class Correction(Part):
    """What stood in one column of the record before it was corrected, what after, and why; both as the ledger has
    them."""

    field = models.CharField(max_length=40)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    reason = models.TextField()
