"""What was handed in, kept under the digest of its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from io import SEEK_END
from typing import ClassVar, Literal

from django.db import models

from base.writes import is_full
from files.storage import digest_of, opened

NEVER = models.Q(pk__in=[])


class StoredFile(models.Model):
    """One content, stored once however often it is handed in; `first_name` is what it was called the first time.

    Who may read it is for the rows that refer to it to say. They keep it for good, but for those of a model whose
    `lets_go_of_file` (a `Q`) they meet.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    first_name = models.CharField(max_length=120)
    stored_at = models.DateTimeField()

    guard: ClassVar[Literal["append_only"]] = "append_only"
    # The entry of whatever refers to it tells of it too.
    told_where_used: ClassVar[bool] = True
    # Makes `verify_ledger` ask for the faults.
    self_verifying: ClassVar[bool] = True

    def __str__(self) -> str:
        return self.first_name

    @property
    def is_let_go(self) -> bool:
        """Whether rows refer to it and none of them keeps it; a statement or two for each kind of row."""
        found = [
            (relation.related_model._base_manager.filter(**{relation.field.name: self}), relation.related_model)
            for relation in self._meta.get_fields(include_hidden=True)
            if isinstance(relation, models.ManyToOneRel)
        ]
        kept = any(rows.exclude(getattr(model, "lets_go_of_file", NEVER)).exists() for rows, model in found)
        return not kept and any(rows.exists() for rows, _model in found)

    def faults(self) -> Iterator[str]:
        """Whether the stored bytes are still those that were handed in; raises StoreAway."""
        try:
            with opened(self.sha256) as file:
                if digest_of(file) != self.sha256:
                    yield "the content was altered"
                elif file.seek(0, SEEK_END) != self.size:
                    yield "the size is not that of the content"
        except OSError as error:
            # What is read from a bucket comes by way of a temporary file: a full disk says nothing of the content.
            if is_full(error):
                raise
            if not self.is_let_go:
                yield "the content is gone"
