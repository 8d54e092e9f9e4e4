"""Handing files out."""

from __future__ import annotations

import logging
from typing import BinaryIO

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from base.writes import is_full
from files.kinds import PDF
from files.models import StoredFile
from files.names import clean_name
from files.storage import digest_of, opened

log = logging.getLogger(__name__)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


PICTURES = frozenset({"image/jpeg", "image/png", "image/gif"})
SHOWN = PICTURES | {PDF.media_type}
# A browser's own reader of PDF does not start in a sandbox; it runs apart from the page, and this page loads nothing.
READER_HEADERS = {**HEADERS, "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}


def show(stored: StoredFile, name: str) -> HttpResponseBase:
    """Send a picture or a PDF to be looked at, by the kind that its bytes were found to be (see `kinds`).

    Raises ValueError for any other kind: what a browser could run is never shown. Otherwise as `download`.
    """
    if stored.media_type not in SHOWN:
        raise ValueError(f"{stored.media_type} is not shown")
    headers = HEADERS if stored.media_type in PICTURES else READER_HEADERS
    file = _intact(stored)
    if file is None:
        return _damaged(stored)
    return FileResponse(
        file, filename=clean_name(name) or stored.sha256, content_type=stored.media_type, headers=headers
    )


def download(stored: StoredFile, name: str) -> HttpResponseBase:
    """Send a content as an attachment of no particular type, so that no browser shows or runs it.

    Its bytes are checked first: if they are gone or altered, the answer is a sentence with status 409. Who may read
    it must have been asked before. Raises StoreAway.
    """
    file = _intact(stored)
    if file is None:
        return _damaged(stored)
    return FileResponse(
        file,
        as_attachment=True,
        filename=clean_name(name) or stored.sha256,
        content_type="application/octet-stream",
        headers=HEADERS,
    )


def _damaged(stored: StoredFile) -> HttpResponse:
    log.error("stored_file_damaged", extra={"sha256": stored.sha256})
    sentence = _("The stored file is damaged or gone, so it is not handed out. Tell the administrator.")
    return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8", headers=HEADERS)


def _intact(stored: StoredFile) -> BinaryIO | None:
    try:
        file = opened(stored.sha256)
    except OSError as error:
        if is_full(error):
            raise
        return None
    # The same open file is sent, so nothing can be put in its place between the check and the sending.
    if digest_of(file) == stored.sha256:
        return file
    file.close()
    return None
