"""Contents of each kind, as small as they can be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.conf import settings

PNG = b"\x89PNG\r\n\x1a\n"
PDF = b"%PDF-1.7\n" + b"0" * 100
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100


def package(*parts: str, filler: bytes = b"<x/>", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A zip file with these parts, and `more` with contents of their own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            archive.writestr(part, filler)
        for part, content in (more or {}).items():
            archive.writestr(part, content)
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def store(settings, tmp_path) -> Path:
    """A store of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "store"
    return settings.MEDIA_ROOT


def lying_about() -> list[Path]:
    """All files that the store holds, complete or not."""
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
