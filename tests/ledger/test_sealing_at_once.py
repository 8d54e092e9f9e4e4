"""Sealing while others seal, write, verify or are killed. Each fence has a twin in which it is taken away."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import StringIO
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from ledger import copies
from ledger.actions import append, checkpoints, create, seal, step
from ledger.management.commands import verify_ledger
from ledger.models import Checkpoint, Entry, Unsealed
from ledger.queries import Head, sealed_by
from ledger.triggers import lifted
from ledger.verification import Fault, everything
from tests.ledger.conftest import HEAD
from tests.ledger.house import HOUSE_MODELS, Order
from tests.services.racing import at_once, killed_in_the_middle

pytestmark = [
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="one writer at a time leaves nothing to race for"),
]
THREADS = 4


@pytest.fixture(autouse=True)
def _nothing_waits(shared_house: None, settings: Any, tmp_path: Path) -> None:
    """A key of the test's own, and no entry left to seal by those who made the tables."""
    Unsealed.objects.all().delete()
    settings.CHECKPOINT_KEY_FILE = tmp_path / "checkpoint_key"


def write(*streams: str) -> list[Entry]:
    return [append(stream, signature=HEAD, action="begin", payload={}) for stream in streams]


def in_another_connection(work: Callable[[], object]) -> None:
    """Do `work` to its end on another connection."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()


# Several who seal


def test_of_several_who_seal_at_once_one_does_and_the_others_find_nothing_to_do() -> None:
    for round_ in range(3):
        write(*(f"other:{round_}-{number}" for number in range(5)))
        assert sum(at_once(lambda _number: seal(), THREADS)) == 1
    assert list(Checkpoint.objects.order_by("number").values_list("number", "entries")) == [(1, 5), (2, 5), (3, 5)]
    assert [line.end[0] for line in copies.lines(copies.path())] == [1, 2, 3]


@contextmanager
def without_one_successor() -> Iterator[None]:
    [fence] = Checkpoint._meta.constraints
    with connection.schema_editor() as editor:
        editor.remove_constraint(Checkpoint, fence)
    try:
        yield
    finally:
        with lifted():
            checkpoints.SealedHead.objects.all().delete()
            Checkpoint.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Checkpoint, fence)


def test_without_the_unique_successor_the_history_would_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    write("other:1")
    all_have_read, read, take = Barrier(2, timeout=10), checkpoints.unsealed, Checkpoint.objects.create

    def read_together(limit: int, **how: Any) -> list[Head]:
        found = read(limit, **how)
        all_have_read.wait()
        return found

    def create_anyhow(*, number: int, **columns: Any) -> Checkpoint:
        try:
            with transaction.atomic():
                return take(number=number, **columns)
        except IntegrityError:
            return take(number=number + 1, **columns)

    monkeypatch.setattr(checkpoints, "unsealed", read_together)
    monkeypatch.setattr(checkpoints, "one_moment", lambda writes: transaction.atomic())
    monkeypatch.setattr(Checkpoint.objects, "create", create_anyhow)
    with without_one_successor():
        at_once(lambda _number: checkpoints._seal(checkpoints.keys.signing_key()), 2)
        assert Checkpoint.objects.count() == 2
        assert Checkpoint.objects.values("previous_root").distinct().count() == 1


# An entry with a lower key that is committed later


def sealed_while_a_lower_key_is_committed(monkeypatch: pytest.MonkeyPatch) -> tuple[Entry, Entry]:
    """The entries of two writers: the first writes first and commits while the second's is being sealed."""
    has_written, may_commit, has_committed = Event(), Event(), Event()
    slow: list[Entry] = []

    def write_slowly() -> None:
        try:
            with transaction.atomic():
                slow.extend(write("slow:1"))
                has_written.set()
                may_commit.wait(30)
        finally:
            has_committed.set()
            connection.close()

    read = checkpoints.unsealed

    def read_and_let_commit(limit: int, **how: Any) -> list[Head]:
        found = read(limit, **how)
        may_commit.set()
        assert has_committed.wait(30)
        return found

    writer = Thread(target=write_slowly)
    writer.start()
    assert has_written.wait(30)
    [quick] = write("quick:1")
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "unsealed", read_and_let_commit)
        seal()
    writer.join(30)
    assert slow[0].pk < quick.pk
    return slow[0], quick


def test_an_entry_that_is_committed_late_with_a_lower_key_is_sealed_next(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, quick = sealed_while_a_lower_key_is_committed(monkeypatch)
    assert sealed_by(quick.stream, 1).number == 1
    assert sealed_by(slow.stream, 1) is None
    seal()
    assert sealed_by(slow.stream, 1).number == 2


def test_taking_away_up_to_the_last_key_would_miss_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "one_moment", lambda writes: transaction.atomic())
    monkeypatch.setattr(
        checkpoints, "_take_away", lambda waiting: Unsealed.objects.filter(pk__lte=waiting[-1].key).delete()
    )
    slow, _quick = sealed_while_a_lower_key_is_committed(monkeypatch)
    seal()
    assert sealed_by(slow.stream, 1) is None


# Killed


def test_a_killed_sealing_leaves_all_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    write("other:1", "other:2")
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "_take_away", lambda waiting: os._exit(9))
        killed_in_the_middle(seal)
    assert not Checkpoint.objects.exists()
    assert seal() == 1
    assert Checkpoint.objects.get().entries == 2


def test_killed_before_its_copy_was_written_the_next_one_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    write("other:1")
    checkpoints._seal(checkpoints.keys.signing_key())
    assert not copies.path().exists()
    assert seal() == 0
    assert [line.end[0] for line in copies.lines(copies.path())] == [1]


# Verifying while others write


@pytest.fixture
def verified_while_somebody_writes() -> Iterator[Callable[[], str]]:
    """What the verifier complains of while, between reading a chain and reading its row, both grow and are sealed.

    All models are there again before the tables are emptied, so that all their guards are made anew.
    """
    with create(Order(title="A"), signature=HEAD, action="open", clause="1.1") as taken:
        pass
    order = taken.record
    compare_all = everything.compare_all

    def change() -> None:
        with step(Order, order.pk, version=None, signature=HEAD, action="name", clause="1.2") as again:
            again.record.title += "B"
        seal()

    def compare_and_let_write(*some: Any) -> Iterator[Fault]:
        """The chains have been read by now, the rows have not."""
        in_another_connection(change)
        return compare_all(*some)

    def complaints() -> str:
        found = StringIO()
        try:
            call_command("verify_ledger", stdout=StringIO(), stderr=found)
        except CommandError:
            assert found.getvalue()
        return found.getvalue()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(everything.apps, "get_models", lambda: list(HOUSE_MODELS))
        patch.setattr(everything, "compare_all", compare_and_let_write)
        yield complaints


def test_clean_data_raise_no_alarm_while_others_write_and_seal(
    verified_while_somebody_writes: Callable[[], str],
) -> None:
    seal()
    for _ in range(3):
        found = verified_while_somebody_writes().splitlines()
        # What the installation wrote is dated years ago in the tests, and sealed when its turn comes.
        assert [line for line in found if "no checkpoint covers it" not in line] == []


def test_without_the_view_of_one_moment_clean_data_would_raise_an_alarm(
    verified_while_somebody_writes: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_ledger, "one_moment", nullcontext)
    assert "is not what the chain says" in verified_while_somebody_writes()
