"""The index: one row per document of any kind."""

from __future__ import annotations

from django.db import models


class Document(models.Model):
    """What a record of `kind` with the id `key` is found by; written only by `search.actions`.

    The full-text index over `tokens` is made by the second migration, as each database has its own.
    """

    kind = models.CharField(max_length=32)
    key = models.BigIntegerField()
    tokens = models.TextField()
    title_tokens = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_document_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
