"""Files in the forms of the steps: one field for several, which says before what is taken."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils.functional import lazy
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from files.actions import EMPTY, NOT_TAKEN, too_large
from files.kinds import BY_CONTENT, KINDS
from incidents.actions import Upload
from incidents.forms.base import VerbForm

MOST = 10


def as_upload(file: UploadedFile | None) -> Upload | None:
    """An uploaded file of a form as the actions take it."""
    if file is None:
        return None
    return Upload(name=file.name or "", content=cast(BinaryIO, file), declared_type=file.content_type or "")


def too_many() -> str:
    """The sentence for more files than one step takes."""
    return _("At most %(most)d files at once. Send the others with the next step.") % {"most": MOST}


def limits() -> str:
    """What is taken, said before anything is chosen."""
    return _(
        "Up to %(most)d files of %(size)d MB each: PDF, picture, docx, xlsx, csv, txt or eml. Drop them here, or paste"
        " a screenshot with Ctrl V."
    ) % {"most": MOST, "size": settings.MAX_UPLOAD_BYTES // 1024**2}


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class ListedFilesInput(FilesInput):
    """The same with each of them listed, to be dropped, pasted and taken away again; `files.js` does so.

    A form that comes back names what was sent with it, as no server can put files into a page again.
    """

    sent: tuple[str, ...] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        found = super().value_from_datadict(data, files, name)
        self.sent = tuple(file.name for file in found) if isinstance(found, list) else ()
        return found

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        context = {
            "name": name,
            "attrs": self.build_attrs(self.attrs, attrs),
            "most": MOST,
            "most_bytes": settings.MAX_UPLOAD_BYTES,
            "endings": ",".join(f".{ending}" for ending in KINDS),
            "by_content": " ".join(BY_CONTENT),
            "not_taken": NOT_TAKEN,
            "too_large": too_large(),
            "too_many": too_many(),
            "empty": EMPTY,
            "sent": self.sent,
        }
        return mark_safe(render_to_string("components/files_input.html", context))  # noqa: S308 (a template of ours)


class FilesField(forms.FileField):
    """Several files, cleaned to a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files]


class AttachmentsField(FilesField):
    """What belongs to a step: at most `MOST` files."""

    widget = ListedFilesInput

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Files"), required=False, help_text=lazy(limits, str)())
        # Its own sentence speaks of a submitted file; what is empty is refused where files are taken in.
        self.allow_empty_file = True

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = super().clean(data, initial)
        if len(files) > MOST:
            raise ValidationError(too_many(), code="too_many")
        return files


class WithFiles(VerbForm):
    """A step to whose row files can be attached."""

    attachments = AttachmentsField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order_fields([name for name in self.fields if name != "attachments"])

    def values(self) -> dict[str, Any]:
        cleaned = super().values()
        return {**cleaned, "attachments": tuple(filter(None, map(as_upload, cleaned["attachments"])))}
