"""A file is kept whole under its digest, or refused with a sentence and without a trace."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import resource
from collections.abc import Callable

import pytest
from django.db import IntegrityError

from files import storage
from files.actions import keep
from files.exceptions import FileRefused
from files.models import StoredFile
from tests.files.conftest import OLE, PDF, lying_about, package

pytestmark = pytest.mark.django_db
WORD = package("[Content_Types].xml", "word/document.xml")
EXCEL = package("[Content_Types].xml", "xl/workbook.xml")


def refused(content: bytes, name: str, **options: str) -> str:
    with pytest.raises(FileRefused) as raised:
        keep(io.BytesIO(content), name, **options)
    assert lying_about() == []
    assert not StoredFile.objects.exists()
    assert str(raised.value)
    return raised.value.code


def test_a_file_lies_under_its_digest():
    kept = keep(io.BytesIO(PDF), "dir/确认函.pdf")
    digest = hashlib.sha256(PDF).hexdigest()
    assert kept.name == "确认函.pdf"
    assert (kept.file.sha256, kept.file.size, kept.file.media_type) == (digest, len(PDF), "application/pdf")
    assert [path.name for path in lying_about()] == [digest]
    assert storage.path_of(digest).read_bytes() == PDF
    assert list(kept.file.faults()) == []


def test_the_same_content_is_kept_once_under_both_names():
    first, second = keep(io.BytesIO(PDF), "a.pdf"), keep(io.BytesIO(PDF), "b.pdf")
    assert first.file == second.file
    assert (second.file.first_name, second.name) == ("a.pdf", "b.pdf")
    assert len(lying_about()) == 1


def test_a_content_that_lies_there_is_not_written_again():
    place = storage.path_of(keep(io.BytesIO(PDF), "a.pdf").file.sha256)
    before = place.stat().st_ino
    keep(io.BytesIO(PDF), "a.pdf")
    assert place.stat().st_ino == before
    assert place.stat().st_mode & 0o222 == 0


def test_a_stream_that_was_read_before_is_kept_from_its_beginning():
    stream = io.BytesIO(PDF)
    stream.read()
    assert keep(stream, "a.pdf").file.size == len(PDF)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.JPG", b"\xff\xd8\xff\xe0"),
        ("a.jpeg", b"\xff\xd8\xff\xe0"),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.gif", b"GIF89a"),
        ("a.tif", b"II*\x00"),
        ("a.tiff", b"MM\x00*"),
        ("a.txt", "业务量积压 𠮷".encode()),
        ("a.txt", "业务量积压".encode("gb18030")),
        ("a.txt", "业务量积压".encode("utf-16")),
        ("log.txt", b"\x1b[31merror\x1b[0m: <script> in line 3"),
        ("a.csv", "\ufeff编号,名称\r\n1,甲\r\n".encode()),
        ("a.docx", WORD),
        ("a.xlsx", EXCEL),
        ("a.eml", b"From: a@example.org\r\nSubject: x\r\n\r\n<html>"),
        ("a.pdf", b"\xef\xbb\xbf" + PDF),
        ("a.pdf", b"\r\n\r\n" + PDF),
        ("a.pdf", b"Content-Type: application/pdf\r\n\r\n" + PDF),
        ("a.jfif", b"\xff\xd8\xff\xe0"),
        ("IMG_0001.HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
    ],
)
def test_each_kind_on_the_list_is_kept(name, content):
    assert keep(io.BytesIO(content), name).file.size == len(content)


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.xml", "a.exe", "a.zip", "", "a.pdf.js"])
def test_other_kinds_are_refused(name):
    assert refused(PDF, name) == "kind"


@pytest.mark.parametrize("name", ["a.doc", "a", "mmexport1700000000000"])
def test_what_is_neither_listed_nor_a_picture_is_refused(name):
    assert refused(b"plain words", name) == "kind"


@pytest.mark.parametrize(
    ("name", "content", "kept_as", "media_type"),
    [
        ("微信图片.png", b"\xff\xd8\xff\xe0", "微信图片.jpg", "image/jpeg"),
        ("mmexport1700000000000", b"\x89PNG\r\n\x1a\n", "mmexport1700000000000.png", "image/png"),
        ("确认函.doc", PDF, "确认函.doc.pdf", "application/pdf"),
        ("IMG.jpg", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "IMG.heic", "image/heic"),
    ],
)
def test_a_picture_called_otherwise_keeps_its_name_and_gets_the_right_ending(name, content, kept_as, media_type):
    kept = keep(io.BytesIO(content), name)
    assert (kept.name, kept.file.media_type) == (kept_as, media_type)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ" + PDF),
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.pdf", b"0" * 1024 + PDF),
        ("a.pdf", b"<html>" + PDF),
        ("a.txt", b"\xef\xbb\xbf \n<!DOCTYPE html>"),
        ("a.csv", b"<?xml version='1.0'?><svg/>"),
        ("a.txt", b"MZ\x90\x00\x03"),
        ("a.txt", b"a" * 300_000 + b"\x00"),
        ("a.txt", b"\xff\xff\xff"),
        ("a.docx", EXCEL),
        ("a.docx", OLE),
        ("a.docx", WORD[:-30]),
        ("a.docx", b"PK\x03\x04" + b"0" * 50),
        ("a.eml", b"\x00\x01"),
    ],
)
def test_a_content_that_does_not_fit_its_name_is_refused(name, content):
    assert refused(content, name) == "mislabelled"


RELATIONSHIPS = "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{}</Relationships>"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIP = f"<Relationship Id='r1' Type='{TYPES}/{{}}' {{}}/>"
AWAY = "Target='https://example.org/a' TargetMode='External'"


def word_with(part: str, content: str | bytes = "<x/>") -> bytes:
    """A Word document with one more part."""
    return package("[Content_Types].xml", "word/document.xml", more={part: content})


def relating(kind: str, how: str = AWAY) -> str:
    return RELATIONSHIPS.format(RELATIONSHIP.format(kind, how))


@pytest.mark.parametrize(
    "content",
    [
        word_with("word/vbaProject.bin"),
        word_with("WORD/VBAPROJECT.BIN"),
        word_with("word\\vbaProject.bin"),
        word_with("word/embeddings/oleObject1.bin"),
        word_with("word/embeddings/oleObject1.xls"),
        word_with("word/activeX/activeX1.xml"),
        word_with("word/_rels/settings.xml.rels", relating("attachedTemplate")),
        word_with("word/_rels/settings.xml.RELS", relating("attachedTemplate", AWAY.replace("Ext", "&#69;xt"))),
        word_with("word/_rels/document.xml.rels", relating("oleObject").encode("utf-16")),
        word_with("word/_rels/document.xml.rels", relating("image")),
        word_with("word/_rels/document.xml.rels", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"),
        word_with("word/_rels/document.xml.rels", "no xml"),
        word_with("a/[content_types].xml", "<a ContentType='application/vnd.ms-word.document.macroEnabled.main'/>"),
    ],
    ids=range(13),
)
def test_a_document_that_runs_or_fetches_something_is_refused_with_the_way_out(content):
    assert refused(content, "a.docx") == "active"


@pytest.mark.parametrize("part", ["word/embeddings/Microsoft_Excel_Sheet1.xlsx", "xl/printerSettings/a.bin"])
def test_the_sheet_behind_a_chart_and_printer_settings_are_taken(part):
    assert keep(io.BytesIO(word_with(part)), "a.docx").name == "a.docx"


@pytest.mark.parametrize("kind", ["hyperlink", "styles"])
def test_links_to_click_and_parts_of_the_document_are_taken(kind):
    how = AWAY if kind == "hyperlink" else "Target='styles.xml'"
    assert keep(io.BytesIO(word_with("word/_rels/document.xml.rels", relating(kind, how))), "a.docx").name == "a.docx"


def test_a_package_that_unpacks_to_too_much_is_refused():
    bomb = package("[Content_Types].xml", "word/document.xml", "word/more.xml", filler=b"0" * 80 * 1024**2)
    assert len(bomb) < 1024**2
    assert refused(bomb, "a.docx") == "mislabelled"


def test_a_package_of_too_many_parts_is_refused():
    parts = ["[Content_Types].xml", "word/document.xml", *map(str, range(3000))]
    assert refused(package(*parts), "a.docx") == "mislabelled"


def test_what_the_sender_declares_can_only_speak_against_a_file():
    assert refused(b"plain", "a.txt", declared_type="text/html; charset=utf-8") == "kind"
    assert keep(io.BytesIO(PDF), "a.pdf", declared_type="application/octet-stream").file.media_type == "application/pdf"


def test_an_empty_file_is_refused():
    assert refused(b"", "a.pdf") == "empty"


def test_a_file_at_the_limit_is_kept_and_one_byte_more_is_refused(settings):
    settings.MAX_UPLOAD_BYTES = len(PDF)
    assert refused(PDF + b"0", "a.pdf") == "too_large"
    assert keep(io.BytesIO(PDF), "a.pdf").file.size == len(PDF)


def test_the_refusal_says_what_to_do(settings):
    settings.MAX_UPLOAD_BYTES = 20 * 1024**2
    with pytest.raises(FileRefused, match=r"Files up to 20 MB\. Scan at 200 dpi in black and white, or split it\."):
        keep(io.BytesIO(PDF + bytes(20 * 1024**2)), "a.pdf")


class Endless(io.RawIOBase):
    """A stream that never ends, and counts what was read of it."""

    taken = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def read(self, size: int = -1) -> bytes:
        self.taken += size
        return b"0" * size


def test_reading_stops_at_the_limit(settings):
    settings.MAX_UPLOAD_BYTES = 1024**2
    stream = Endless()
    with pytest.raises(FileRefused):
        keep(stream, "a.pdf")
    assert stream.taken <= settings.MAX_UPLOAD_BYTES + storage.PIECE


def test_memory_does_not_grow_with_the_file():
    text = "业".encode("gb18030") * (10 * 1024**2 - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    keep(io.BytesIO(text), "a.txt")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024


def failing(error: int) -> Callable[..., None]:
    def fail(*_arguments: object) -> None:
        raise OSError(error, os.strerror(error))

    return fail


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_full_disk_is_told_and_leaves_no_half_file(monkeypatch, call):
    monkeypatch.setattr(storage.os, call, failing(errno.ENOSPC))
    assert refused(PDF, "a.pdf") == "no_room"
    monkeypatch.undo()


def test_room_that_is_free_again_needs_no_repair(monkeypatch, store):
    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "fsync", failing(errno.ENOSPC))
        with pytest.raises(FileRefused):
            keep(io.BytesIO(PDF), "a.pdf")
    assert keep(io.BytesIO(PDF), "a.pdf").file.size == len(PDF)


def test_other_errors_of_the_disk_are_not_hidden(monkeypatch):
    monkeypatch.setattr(storage.os, "fsync", failing(errno.EIO))
    with pytest.raises(OSError, match="Input/output"):
        keep(io.BytesIO(PDF), "a.pdf")
    assert lying_about() == []


@pytest.mark.parametrize("change", [{"first_name": "b.pdf"}, None])
def test_a_stored_file_is_neither_changed_nor_deleted(change):
    stored = keep(io.BytesIO(PDF), "a.pdf").file
    rows = StoredFile.objects.filter(pk=stored.pk)
    with pytest.raises(IntegrityError):
        rows.update(**change) if change else rows.delete()


def test_altered_and_missing_contents_are_named():
    stored = keep(io.BytesIO(PDF), "a.pdf").file
    place = storage.path_of(stored.sha256)
    place.chmod(0o600)
    place.write_bytes(PDF[:-1] + b"1")
    assert list(stored.faults()) == ["the content was altered"]
    place.unlink()
    assert list(stored.faults()) == ["the content is gone"]
