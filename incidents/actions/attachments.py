"""Files of a declaration: kept by content, named on the row (R-5.3-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO

from accounts.actors import Actor
from base.clock import now
from files.actions import Kept, keep, media_type_of
from files.actions import uploading as uploading_files
from files.exceptions import FileRefused
from files.kinds import JPEG, PDF, PNG, TIFF
from incidents.models import Attachment, Declaration, Voidable
from ledger.actions import RecordChange
from ledger.exceptions import Invalid

SCANS = frozenset(kind.media_type for kind in (PDF, JPEG, PNG, TIFF))


@dataclass(frozen=True)
class Upload:
    """A file as it came in: its name, its bytes and what the sender says it is."""

    name: str
    content: BinaryIO
    declared_type: str = ""
    pages: int | None = None

    @property
    def media_type(self) -> str:
        """What the bytes are, whatever the sender says; raises FileRefused with the name for what is not taken."""
        try:
            return media_type_of(self.content, self.name, declared_type=self.declared_type)
        except FileRefused as refused:
            raise FileRefused(f"{self.name}: {refused.sentence}", code=refused.code) from refused


def uploading(uploads: Iterable[Upload]) -> AbstractContextManager[None]:
    """Around the transaction of an action that keeps these: what goes over the network for it goes before it."""
    return uploading_files((upload.content, upload.name) for upload in uploads)


def keep_upload(upload: Upload, field: str = "attachments") -> Kept:
    """Check and store the bytes; raises Invalid on that field with the sentence that says what to do."""
    try:
        return keep(upload.content, upload.name, declared_type=upload.declared_type)
    except FileRefused as refused:
        raise Invalid(errors={field: [f"{upload.name}: {refused.sentence}"]}) from refused


def attach(
    step: RecordChange[Declaration],
    upload: Upload,
    *,
    purpose: str,
    actor: Actor,
    field: str = "attachments",
    row: str = "",
) -> Attachment:
    """Store one upload inside an open step and put it on the declaration, with the `row` that it belongs to."""
    stored = keep_upload(upload, field)
    return step.add(
        Attachment(
            declaration=step.record,
            by=actor.user,
            at=now(),
            file=stored.file,
            name=stored.name,
            purpose=purpose,
            pages=upload.pages,
            row=row,
            given_name=stored.given if stored.given != stored.name else "",
        )
    )


def attach_all(
    step: RecordChange[Declaration],
    uploads: Sequence[Upload],
    *,
    actor: Actor,
    row: Voidable | None = None,
) -> None:
    """Store what was attached to the step, each with the row that the step wrote."""
    for upload in uploads:
        attach(step, upload, purpose=step.action, actor=actor, row=row.row_name if row else "")
