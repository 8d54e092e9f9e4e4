"""A content that nobody names is taken away at the moment in which it is handed in again: it is not lost.

Each fence has a twin of its test in which the fence is taken away and the fault is seen.
"""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from base.clock import now
from files import actions, storage
from files.actions import clear_uploads, keep
from files.models import StoredFile
from tests.files.conftest import PDF
from tests.files.test_clearing import A_DAY_LATER, OTHER, roll_back
from tests.services.racing import killed_in_the_middle, on_a_server

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
T = TypeVar("T")
A_MOMENT = 1.0


@pytest.fixture(autouse=True)
def left() -> Path:
    """A content that no row names, beside one that a row names."""
    keep(io.BytesIO(OTHER), "b.pdf")
    return roll_back()


@pytest.fixture
def beside() -> Iterator[Callable[[Callable[[], T]], Future[T]]]:
    """`beside(work)` runs it in a thread with a connection of its own."""

    def closing(work: Callable[[], T]) -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        yield lambda work: pool.submit(closing, work)


def clear() -> int:
    return clear_uploads(now() + A_DAY_LATER)


def hand_in() -> StoredFile:
    return keep(io.BytesIO(PDF), "a.pdf").file


def cleared_while_handed_in(beside: Any) -> list[str]:
    """What is wrong with a content after the job met an upload of it that was not yet committed."""
    with transaction.atomic():
        stored = hand_in()
        job = beside(clear)
        with pytest.raises(TimeoutError):
            job.result(A_MOMENT)
    assert job.result() == 0
    return list(stored.faults())


def test_the_job_waits_for_an_upload_and_leaves_its_content(beside: Any) -> None:
    assert cleared_while_handed_in(beside) == []


def test_without_the_key_the_job_takes_the_content_of_an_upload_away(
    beside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StoredFile.objects, "create", lambda **_values: None)
    with transaction.atomic():
        stored = hand_in()
        assert beside(clear).result() == 1
    assert list(stored.faults()) == ["the content is gone"]


def handed_in_while_cleared(beside: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is wrong with a content that was handed in between the look of the job and its removal."""
    looked, handed_in = Event(), Event()
    remove, take_in = storage.remove, storage.take_in

    def remove_late(path: Path, before: Any) -> bool:
        looked.set()
        handed_in.wait(A_MOMENT)
        return remove(path, before)

    def take_in_and_say(file: Any, sha256: str) -> None:
        take_in(file, sha256)
        handed_in.set()

    monkeypatch.setattr(actions, "remove", remove_late)
    monkeypatch.setattr(actions, "take_in", take_in_and_say)
    job = beside(clear)
    assert looked.wait(30)
    stored = hand_in()
    assert job.result() == 1
    return list(stored.faults())


def test_an_upload_waits_for_the_job_and_brings_its_own_content(beside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert handed_in_while_cleared(beside, monkeypatch) == []


def test_with_the_content_before_its_row_an_upload_loses_it_to_the_job(
    beside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = actions._kind

    def taken_in_first(file: Any, name: str) -> Any:
        actions.take_in(file, storage.digest_of(file))
        return kind(file, name)

    monkeypatch.setattr(actions, "_kind", taken_in_first)
    monkeypatch.setattr(storage.os, "link", once(os.link))
    assert handed_in_while_cleared(beside, monkeypatch) == ["the content is gone"]


def once(link: Any) -> Any:
    """The first call works, those after it do nothing: the content is given its place before the row alone."""
    called: list[bool] = []

    def first(source: str, place: str) -> None:
        if not called:
            called.append(True)
            link(source, place)

    return first


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_it_holds_the_key_it_leaves_no_row(left: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    remove = storage.remove

    def killed(path: Path, before: Any) -> bool:
        if when == "after":
            remove(path, before)
        os.kill(os.getpid(), signal.SIGKILL)
        return True

    with monkeypatch.context() as patch:
        patch.setattr(actions, "remove", killed)
        killed_in_the_middle(clear, -signal.SIGKILL)
    assert left.exists() == (when == "before")
    assert StoredFile.objects.count() == 1
    assert clear() == (when == "before")
    assert list(hand_in().faults()) == []
