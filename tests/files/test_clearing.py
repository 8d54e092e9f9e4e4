"""What uploads that never came to an end left behind goes after a day; nothing else ever does."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from base.clock import now
from base.models import Heartbeat
from files import actions, storage
from files.actions import LEFT_BEHIND, clear_uploads, keep
from files.models import StoredFile
from tests.files.conftest import PDF, lying_about

pytestmark = pytest.mark.django_db
OTHER = PDF + b"other"
MINUTE = timedelta(minutes=1)
# What was put there just now is a day old.
A_DAY_LATER = LEFT_BEHIND + MINUTE


def roll_back(content: bytes = PDF) -> Path:
    """An upload whose transaction is rolled back: its content lies there, and no row names it."""
    with transaction.atomic():
        place = storage.path_of(keep(io.BytesIO(content), "a.pdf").file.sha256)
        transaction.set_rollback(True)
    return place


def half(store: Path) -> Path:
    """A temporary file of an upload that was killed."""
    (store / "incoming").mkdir(parents=True, exist_ok=True)
    path = store / "incoming" / "half"
    path.write_bytes(PDF[:50])
    return path


@pytest.fixture
def kept() -> StoredFile:
    """A content that a row names."""
    return keep(io.BytesIO(OTHER), "b.pdf").file


def test_what_is_a_day_old_goes_and_a_second_run_finds_nothing(store: Path, kept: StoredFile) -> None:
    left = [half(store), roll_back()]
    assert clear_uploads(now() + A_DAY_LATER) == 2
    assert not any(path.exists() for path in left)
    assert clear_uploads(now() + A_DAY_LATER) == 0
    assert lying_about() == [storage.path_of(kept.sha256)]
    assert list(kept.faults()) == []


def test_what_is_younger_stays(store: Path, kept: StoredFile) -> None:
    left = [half(store), roll_back()]
    assert clear_uploads(now() + LEFT_BEHIND - MINUTE) == 0
    assert all(path.exists() for path in left)


def test_no_row_is_left_of_what_goes(kept: StoredFile) -> None:
    roll_back()
    clear_uploads(now() + A_DAY_LATER)
    assert list(StoredFile.objects.all()) == [kept]
    assert keep(io.BytesIO(PDF), "a.pdf").file.size == len(PDF)


def test_what_a_backup_put_back_is_as_young_as_that(store: Path, kept: StoredFile) -> None:
    a_year_ago = (now() - timedelta(days=365)).timestamp()
    for path in (half(store), roll_back()):
        os.utime(path, (a_year_ago, a_year_ago))
    assert clear_uploads(now()) == 0


def test_the_store_of_another_database_stays() -> None:
    place = roll_back()
    assert clear_uploads(now() + A_DAY_LATER) == 0
    assert place.exists()


def test_a_file_of_somebody_else_in_the_store_stays(store: Path, kept: StoredFile) -> None:
    stranger = storage.path_of(kept.sha256).with_name("notes.txt")
    stranger.write_text("ours")
    assert clear_uploads(now() + A_DAY_LATER) == 0
    assert stranger.exists()


def unnamed_when_looked_at(monkeypatch: pytest.MonkeyPatch, kept: StoredFile) -> None:
    """The row comes after the look for it."""
    monkeypatch.setattr(actions, "_unnamed", lambda digests: set(digests) & {kept.sha256})


def test_a_content_that_is_named_after_the_look_stays(kept: StoredFile, monkeypatch: pytest.MonkeyPatch) -> None:
    unnamed_when_looked_at(monkeypatch, kept)
    assert clear_uploads(now() + A_DAY_LATER) == 0
    assert list(kept.faults()) == []


def test_without_the_key_a_content_that_is_named_after_the_look_is_lost(
    kept: StoredFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnamed_when_looked_at(monkeypatch, kept)
    monkeypatch.setattr(StoredFile.objects, "create", lambda **_values: None)
    assert clear_uploads(now() + A_DAY_LATER) == 1
    assert list(kept.faults()) == ["the content is gone"]


def test_a_content_that_came_again_since_the_look_stays(kept: StoredFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "contents", lambda _before: [[roll_back().name]])
    assert clear_uploads(now()) == 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_it_removes_the_next_run_does_the_rest(
    store: Path, kept: StoredFile, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    roll_back(), roll_back(PDF + b"more"), half(store)
    remove = storage.remove

    def killed(path: Path, before: Any) -> bool:
        if when == "after":
            remove(path, before)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            clear_uploads(now() + A_DAY_LATER)
    assert not Heartbeat.objects.filter(job="uploads").exists()
    assert list(StoredFile.objects.all()) == [kept]
    assert clear_uploads(now() + A_DAY_LATER) == (2 if when == "before" else 1)
    assert lying_about() == [storage.path_of(kept.sha256)]


def test_a_run_costs_a_statement_a_folder_and_three_a_content(kept: StoredFile, count_queries: Any) -> None:
    nothing = count_queries(lambda: clear_uploads(now() + A_DAY_LATER))
    roll_back()
    assert count_queries(lambda: clear_uploads(now() + A_DAY_LATER)) <= nothing + 3
