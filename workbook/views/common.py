"""What the pages of the workbook share."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import IO

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from accounts.actors import Actor
from workbook import queries
from workbook.models import Import

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_or_404(actor: Actor, key: int) -> Import:
    """The import with that key; a page that says there is none."""
    found = queries.found_import(actor, key)
    if found is None:
        raise Http404(_("There is no such import."))
    return found


def new_file() -> IO[bytes]:
    """A file that is gone once it is sent."""
    return TemporaryFile()


def sent(file: IO[bytes], name: str) -> FileResponse:
    """The file as a download, from its beginning."""
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
