"""What an import that ended keeps of people is cleared after 30 days; counts and ledger stay."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from accounts.actors import Actor
from accounts.models import Customer
from base.clock import now
from files.actions import keep
from files.models import StoredFile
from files.storage import path_of
from ledger.models import Entry
from ledger.verification import verify
from tests.firm import sign_in
from tests.workbook.books import FIRM, Sheets, book, carried_out, handed_in
from workbook.actions import carry_on, carry_on_imports, clear_imports, clearing, discard, take_back
from workbook.models import Import

pytestmark = pytest.mark.django_db


def discarded(content: bytes, admin: Actor) -> Import:
    found = handed_in(BytesIO(content), admin)
    discard(found.pk, actor=admin, version=found.version)
    return found


def grown_old(found: Import, at: datetime) -> None:
    """Let the file have been handed in by then: a disk does not go by the clock of the tests."""
    os.utime(path_of(found.file_id), (at.timestamp(), at.timestamp()))


def cleared(found: Import) -> bool:
    found.refresh_from_db()
    return found.cleared_at is not None


def test_an_import_that_was_carried_out_is_cleared_by_the_job(admin: Actor, firm_rows: Sheets, clock: Any) -> None:
    found = carried_out(book(firm_rows), admin)
    counts, digest, told = found.counts, found.digest, Entry.objects.filter(stream=found.stream).count()
    grown_old(found, now())
    clock.advance(days=30)
    assert carry_on_imports() == 0
    assert (cleared(found), found.rows.count(), path_of(found.file_id).exists()) == (False, 10, True)
    clock.advance(days=1)
    carry_on_imports()
    assert (cleared(found), found.rows.count(), path_of(found.file_id).exists()) == (True, 0, False)
    assert (found.state, found.counts, found.digest) == (Import.State.APPLIED, counts, digest)
    assert Entry.objects.filter(stream=found.stream).count() == told + 1
    assert Customer.objects.get().name == "远山基金"
    assert clear_imports() == 0
    assert list(verify()) == []


def test_what_was_discarded_or_taken_back_is_cleared_and_what_waits_is_not(
    admin: Actor, firm_rows: Sheets, clock: Any
) -> None:
    waits = handed_in(book({"people": FIRM["people"]}), admin)
    left = handed_in(book({"departments": FIRM["departments"]}), admin)
    clock.advance(days=40)
    discard(left.pk, actor=admin, version=left.version)
    back = carried_out(book(firm_rows), admin)
    take_back(back.pk, actor=admin, version=back.version)
    carry_on(back.pk)
    clock.advance(days=20)
    assert clear_imports() == 0
    clock.advance(days=11)
    assert clear_imports() == 2
    assert [cleared(each) for each in (waits, left, back)] == [False, True, True]
    assert waits.rows.exists()


@pytest.mark.parametrize("stage", ["let_go", "now"])
def test_a_job_that_breaks_off_while_it_clears_is_taken_up_again(
    admin: Actor, firm_rows: Sheets, clock: Any, monkeypatch: Any, stage: str
) -> None:
    found = carried_out(book(firm_rows), admin)
    grown_old(found, now())
    clock.advance(days=32)
    right = getattr(clearing, stage)

    def breaks_off(*given: Any) -> Any:
        if stage == "now" and len(calls) < 2:
            calls.append(given)
            return right(*given)
        right(*given)
        raise KeyboardInterrupt

    calls: list[Any] = []
    with monkeypatch.context() as patched:
        patched.setattr(clearing, stage, breaks_off)
        with pytest.raises(KeyboardInterrupt):
            clear_imports()
    assert (cleared(found), found.rows.count()) == (False, 10)
    assert clear_imports() == 1
    assert (cleared(found), path_of(found.file_id).exists()) == (True, False)


def test_a_file_stays_while_another_import_needs_it_and_comes_back_when_it_is_handed_in(
    admin: Actor, clock: Any
) -> None:
    content = book({"departments": FIRM["departments"]}).getvalue()
    first = discarded(content, admin)
    clock.advance(days=31)
    second = handed_in(BytesIO(content), admin)
    clock.advance(days=1)
    assert (clear_imports(), path_of(first.file_id).exists()) == (1, True)
    discard(second.pk, actor=admin, version=second.version)
    grown_old(second, now())
    clock.advance(days=32)
    assert (clear_imports(), path_of(first.file_id).exists()) == (1, False)
    assert list(StoredFile.objects.get(pk=first.file_id).faults()) == []
    keep(BytesIO(content), "a.xlsx")
    assert path_of(first.file_id).exists()


def test_a_file_that_is_just_handed_in_again_stays(admin: Actor, clock: Any) -> None:
    """Its import is not there for others before the upload is committed."""
    content = book({"departments": FIRM["departments"]}).getvalue()
    found = discarded(content, admin)
    clock.advance(days=32)
    long_ago = now() - timedelta(days=300)
    grown_old(found, long_ago)
    keep(BytesIO(content), "a.xlsx")
    assert path_of(found.file_id).stat().st_mtime > long_ago.timestamp()
    grown_old(found, now())
    assert (clear_imports(), path_of(found.file_id).exists()) == (1, True)


def test_the_page_says_that_the_rows_were_cleared(admin: Actor, client: Client, firm_rows: Sheets, clock: Any) -> None:
    found = carried_out(book(firm_rows), admin)
    clock.advance(days=32)
    clear_imports()
    assert admin.user is not None
    sign_in(client, admin.user)
    shown = client.get(f"/settings/setup/workbook/{found.pk}/").content.decode()
    assert "Its rows were cleared" in shown
    assert "远山基金" not in shown
    assert "Row by row" not in shown
    assert client.get(f"/settings/setup/workbook/{found.pk}/marked/").status_code == 409
