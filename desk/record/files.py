"""A file of a record as its page names it: what it is called, whether it can be looked at, and what it was called."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from files.names import extension
from files.responses import PICTURES, SHOWN
from incidents.models import Attachment, moves
from incidents.models.children import FROM_INTAKE

NAMES = {"jpg": "JPEG", "tif": "TIFF"}


@dataclass(frozen=True)
class RecordFile:
    """`url` hands it out; `preview` shows it, which is within the page for a picture; `row` is what is struck out."""

    name: str
    url: str
    note: str = ""
    about: str = ""
    preview: str = ""
    is_picture: bool = False
    row: str = ""


def record_file(number: str, each: Attachment) -> RecordFile:
    """The file of an attachment that was read with its content's row."""
    media_type = each.file.media_type
    return RecordFile(
        name=each.name,
        url=reverse("record-file", args=[number, each.pk]),
        note=renamed(each.given_name, each.name),
        about=about(each.purpose),
        preview=reverse("record-preview", args=[number, each.pk]) if media_type in SHOWN else "",
        is_picture=media_type in PICTURES,
        row=each.row_name if each.by_id else "",
    )


def renamed(given: str, name: str) -> str:
    """That it was called otherwise, and what it really is; nothing where it kept its name."""
    if not given:
        return ""
    ending = extension(name)
    values = {"given": given, "kind": NAMES.get(ending, ending.upper()), "name": name}
    return _("%(given)s is really %(kind)s; kept as %(name)s") % values


def about(purpose: str) -> str:
    """With which step it came; nothing for what was declared."""
    if purpose == "confirm":
        return _("signed confirmation")
    return str(moves()[purpose].label) if purpose not in FROM_INTAKE and purpose in moves() else ""
