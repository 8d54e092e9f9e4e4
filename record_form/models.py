"""The filed form, frozen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.db import models

from incidents.models import Declaration
from ledger.canonical import digest
from ledger.guards import Guard
from record_form.structure import SCHEMA


class FiledForm(models.Model):
    """Sections 1 to 8 of a filed declaration's form for good (R-5.5-1): what prints, packs and verification read.

    `content` is the canonical JSON of `RecordForm.as_data`, `sha256` the digest of its bytes; the ledger's entry of
    the filing holds the same one, so that neither can be changed alone.
    """

    belongs_to: ClassVar[str] = "declaration"
    guard: ClassVar[Guard] = "append_only"
    # The ledger keeps the digest of it; the text would stand there twice.
    unrecorded: ClassVar[tuple[str, ...]] = ("content",)
    self_verifying: ClassVar[bool] = True

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="filed_form")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    schema = models.PositiveSmallIntegerField(default=SCHEMA)
    filed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256

    @property
    def is_intact(self) -> bool:
        """Whether the content still has its digest."""
        return digest(self.content) == self.sha256

    def faults(self) -> Iterator[str]:
        """Whether content and digest fit; that the digest is the one of the filing, the record's chain says."""
        if not self.is_intact:
            yield "the content does not have the stored hash"
