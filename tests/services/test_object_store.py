"""Attachments in a bucket of a real object store, over HTTP: in, out, checked, swept, copied; and the store away."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from base.clock import now
from config import health
from files import bucket
from files.actions import LEFT_BEHIND, clear_uploads, keep, let_go, uploading
from files.exceptions import StoreAway
from files.models import StoredFile
from incidents import actions
from incidents.models import Declaration
from tests.files.conftest import PDF
from tests.firm import LIU_DESK, client_of, open_firm
from tests.scenes import MONDAY, Scene
from tests.services.object_store import ObjectStore, object_store, storages_with

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
OTHER = PDF + b"other"
A_DAY_LATER = LEFT_BEHIND + timedelta(minutes=1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with object_store(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(autouse=True)
def store(server: ObjectStore, settings: Any) -> Iterator[ObjectStore]:
    """The desk's, with an empty bucket; it runs again afterwards."""
    settings.STORAGES = storages_with(server)
    health._bucket_answers.cache_clear()
    if not server.running:
        server.start()
    bucket.remove(copy for copies in bucket.contents() for copy in copies)
    return server


def keys() -> list[str]:
    return [copy.key for copies in bucket.contents() for copy in copies]


def kept(content: bytes = PDF) -> StoredFile:
    return keep(io.BytesIO(content), "a.pdf").file


def left_behind(content: bytes = PDF) -> str:
    """The digest of an upload whose transaction was rolled back."""
    with uploading([(io.BytesIO(content), "a.pdf")]), transaction.atomic():
        stored = kept(content)
        transaction.set_rollback(True)
    return stored.sha256


def with_file(content: bytes = PDF) -> tuple[actions.Upload, ...]:
    return (actions.Upload("确认函.pdf", io.BytesIO(content), "application/pdf"),)


def test_a_content_comes_back_as_it_went_in_and_no_folder_holds_it(settings: Any) -> None:
    stored = kept()
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    with bucket.fetch(stored.sha256) as file:
        assert file.read() == PDF
    assert list(stored.faults()) == []
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_each_upload_has_an_object_of_its_own_and_one_row() -> None:
    assert (kept().pk, StoredFile.objects.count()) == (kept().pk, 1)
    assert len(keys()) == 2


def test_a_transaction_never_waits_for_the_store() -> None:
    with pytest.raises(RuntimeError, match="within `uploading`"), transaction.atomic():
        kept()
    assert keys() == []
    with uploading([(io.BytesIO(PDF), "a.pdf")]), transaction.atomic():
        assert kept().size == len(PDF)


def test_what_is_refused_is_not_brought() -> None:
    with uploading([(io.BytesIO(b"MZ"), "a.exe")]):
        assert keys() == []


def test_altered_and_missing_contents_are_named() -> None:
    stored = kept()
    [key] = keys()
    bucket._bucket().put_object(Key=key, Body=b"something else")
    assert list(stored.faults()) == ["the content was altered"]
    bucket._bucket().Object(key).delete()
    assert list(stored.faults()) == ["the content is gone"]


def test_the_sweep_takes_what_is_old_and_unnamed_and_needless_copies() -> None:
    stored = [kept(OTHER), kept(OTHER)][0]
    left_behind()
    assert clear_uploads(now()) == 0
    assert clear_uploads(now() + A_DAY_LATER) == 2
    assert [key.split("/")[1] for key in keys()] == [stored.sha256]
    assert (clear_uploads(now() + A_DAY_LATER), list(stored.faults())) == (0, [])


def test_an_upload_beside_the_sweep_keeps_its_own_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same content is brought, and its row committed, between the look for rows and the removal."""
    kept(OTHER)
    left_behind()
    remove = bucket.remove

    def brought_meanwhile(copies: Any) -> int:
        listed = list(copies)
        kept()
        return remove(listed)

    monkeypatch.setattr(bucket, "remove", brought_meanwhile)
    assert clear_uploads(now() + A_DAY_LATER) == 1
    monkeypatch.undo()
    assert [list(row.faults()) for row in StoredFile.objects.all()] == [[], []]


def test_the_store_of_another_database_stays() -> None:
    left_behind()
    assert clear_uploads(now() + A_DAY_LATER) == 0
    assert len(keys()) == 1


def test_what_was_let_go_goes_but_for_what_came_again(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = kept()
    monkeypatch.setattr(StoredFile, "is_let_go", True)
    assert not let_go(stored.sha256, now())
    assert let_go(stored.sha256, now() + A_DAY_LATER)
    assert (keys(), list(stored.faults())) == ([], [])


@pytest.fixture
def record(clock: Any) -> Declaration:
    """A record in hand, whose tables no transaction of the test holds."""
    clock.set(MONDAY)
    open_firm()
    return Scene().in_progress()


def tell(record: Declaration, content: bytes = PDF) -> None:
    """A contact with the customer, with a file; handled with it in one transaction."""
    values = {
        "way": "phone",
        "text": "进展通报",
        "what": "补装一页",
        "result": "已寄出",
        "attachments": with_file(content),
    }
    Scene().do(actions.communicate_and_handle, record, LIU_DESK, **values)


def test_a_file_of_a_step_is_kept_and_handed_out(record: Declaration) -> None:
    tell(record)
    attached = record.attachment_rows.get()
    answer = client_of(LIU_DESK).get(f"/records/{record.number}/files/{attached.pk}/")
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_bucket_is_copied_out_and_into_another_and_not_twice(tmp_path: Path, capsys: Any) -> None:
    stored = [kept(), kept(OTHER)]
    call_command("copy_attachments", "out", tmp_path)
    call_command("copy_attachments", "out", tmp_path)
    assert "2 attachments copied" in (told := capsys.readouterr().out)
    assert "0 attachments copied" in told
    bucket.remove(copy for copies in bucket.contents() for copy in copies)
    assert [list(row.faults()) for row in stored] == [["the content is gone"]] * 2
    call_command("copy_attachments", "in", tmp_path)
    assert [list(row.faults()) for row in stored] == [[], []]


@pytest.mark.parametrize("command", [("backup",), ("restore", "a disk failed")])
def test_a_backup_in_one_file_refuses_a_bucket(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    with pytest.raises(CommandError, match="copy_attachments"):
        call_command(command[0], str(tmp_path / "desk.tar.gz"), *command[1:])


def test_a_store_that_is_away_is_said_with_503_and_changes_nothing(
    store: ObjectStore, record: Declaration, client: Client
) -> None:
    tell(record)
    attached = record.attachment_rows.get()
    assert health._report(now())["attachments"] is True
    store.stop()
    health._bucket_answers.cache_clear()
    assert health._report(now())["attachments"] is False
    assert client.get("/healthz").status_code == 503
    with pytest.raises(StoreAway):
        tell(record, OTHER)
    assert record.attachment_rows.count() == 1
    with pytest.raises(StoreAway):
        list(attached.file.faults())
    browser = client_of(LIU_DESK)
    browser.raise_request_exception = False
    answer = browser.get(f"/records/{record.number}/files/{attached.pk}/", headers={"Accept-Language": "zh-CN"})
    assert (answer.status_code, "附件" in answer.content.decode()) == (503, True)
