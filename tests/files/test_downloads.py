"""A file goes out as an attachment that no browser runs, and only as it came in."""

from __future__ import annotations

import io

import pytest

from files.actions import keep
from files.responses import download
from files.storage import path_of
from tests.files.conftest import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored():
    return keep(io.BytesIO(PDF), "确认函.pdf").file


def test_it_is_an_attachment_of_no_particular_type(stored):
    response = download(stored, "确认函.pdf")
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Content-Length"] == str(len(PDF))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_a_hostile_name_cannot_break_the_header(stored):
    response = download(stored, 'a"\r\nSet-Cookie: x=1\r\n.pdf')
    assert "\n" not in response["Content-Disposition"]
    assert not response.has_header("Set-Cookie")


def test_a_name_of_nothing_falls_back_to_the_digest(stored):
    assert stored.sha256 in download(stored, "\u200b")["Content-Disposition"]


@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_a_damaged_file_is_not_handed_out(stored, damage, caplog):
    place = path_of(stored.sha256)
    place.chmod(0o600)
    if damage == "altered":
        place.write_bytes(PDF[:-1] + b"1")
    else:
        place.unlink()
    response = download(stored, "a.pdf")
    assert response.status_code == 409
    assert "damaged or gone" in response.content.decode()
    assert "stored_file_damaged" in caplog.text
