"""Sweeps at the same moment, and one that is killed: each warning is given once and none is lost.

Each fence has a twin of its test in which the fence is taken away and the fault is seen.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from threading import Barrier, BrokenBarrierError, Event, local

import pytest
from django.db import connection, connections, transaction

from base.clock import set_clock
from escalation import actions as escalation
from escalation.actions import thresholds
from escalation.actions.thresholds import Claim
from escalation.models import Acknowledgement, Unanswered, Warning, WarningRecipient
from incidents.models import Declaration
from ledger.models import Entry
from ledger.triggers import lifted
from ledger.verification import compare, verify
from notifications.models import Notification
from sla import actions as sla
from sla.models import Clock
from tests import scenes
from tests.firm import CHEN_HEAD, LIU_DESK, open_firm, person, staff
from tests.services.racing import at_once, killed_in_the_middle, on_a_server

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
DUE = datetime.fromisoformat("2026-11-23T14:30:00+08:00")
RECORDS = 6
# The package shows the function under the name of its module.
sweeping = import_module("escalation.actions.sweep")
Owners = Callable[[Iterable[Clock]], dict[int, int]]


@pytest.fixture(autouse=True)
def records() -> Iterator[None]:
    """Six incidents whose first threshold is reached at half past two, and it is half past two."""
    with set_clock(scenes.MONDAY):
        open_firm()
        for _ in range(RECORDS):
            scenes.Scene().in_progress("minor", "low")
    with set_clock(DUE):
        yield


def warned() -> list[int]:
    """How many warnings each record has."""
    return [record.warning_rows.count() for record in Declaration.objects.order_by("pk")]


def entries() -> int:
    return Entry.objects.filter(action="warn_resolution").count()


def test_sweeps_at_once_warn_once() -> None:
    assert sum(at_once(lambda _number: escalation.sweep(), threads=2)) == RECORDS
    assert warned() == [1] * RECORDS
    assert entries() == RECORDS
    assert Notification.objects.filter(event="warning.resolution.75").count() == 2 * RECORDS
    assert list(verify()) == []


def take_the_locks_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody claims anything: whoever reads a clock as due goes on with it."""
    monkeypatch.setattr(Clock.objects, "select_for_update", lambda **_options: Clock.objects.all())
    monkeypatch.setattr(Declaration.objects, "select_for_update", lambda **_options: Declaration.objects.all())


def sweep_one_after_the_other_from_one_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sweeps that have read the same clocks as due; the second goes on when the first is done."""
    both_have_read, first_is_done, mine = Barrier(2, timeout=5), Event(), local()
    owners: Owners = thresholds.owners_of

    def read_and_wait(clocks: Iterable[Clock]) -> dict[int, int]:
        with suppress(BrokenBarrierError):
            both_have_read.wait()
        if mine.number == 1:
            first_is_done.wait(5)
        return owners(clocks)

    def sweep(number: int) -> None:
        mine.number = number
        escalation.sweep()
        first_is_done.set()

    monkeypatch.setattr(thresholds, "owners_of", read_and_wait)
    at_once(sweep, threads=2)


def test_without_the_claim_the_constraint_still_allows_one(monkeypatch: pytest.MonkeyPatch) -> None:
    take_the_locks_away(monkeypatch)
    sweep_one_after_the_other_from_one_reading(monkeypatch)
    assert warned() == [1] * RECORDS
    assert entries() == RECORDS


def test_without_claim_and_constraint_two_would_warn_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    [fence] = [each for each in Warning._meta.constraints if each.name == "one_warning_a_threshold"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Warning, fence)
    try:
        take_the_locks_away(monkeypatch)
        sweep_one_after_the_other_from_one_reading(monkeypatch)
        assert warned() == [2] * RECORDS
    finally:
        with lifted():
            Unanswered.objects.all().delete()
            WarningRecipient.objects.all().delete()
            Warning.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Warning, fence)


def test_with_the_claim_alone_two_warn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of the twin: the claim is a fence of its own."""
    [fence] = [each for each in Warning._meta.constraints if each.name == "one_warning_a_threshold"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Warning, fence)
    try:
        at_once(lambda _number: escalation.sweep(), threads=3)
        assert warned() == [1] * RECORDS
    finally:
        with connection.schema_editor() as editor:
            editor.add_constraint(Warning, fence)


# Killed in between


def dies_at_the_third(monkeypatch: pytest.MonkeyPatch) -> None:
    save, done = Claim.save, []

    def save_or_die(claim: Claim) -> None:
        done.append(claim)
        save(claim)
        if len(done) == 3:
            os._exit(9)

    monkeypatch.setattr(sweeping, "BATCH", 1)
    monkeypatch.setattr(Claim, "save", save_or_die)


def test_a_killed_sweep_loses_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        dies_at_the_third(patch)
        killed_in_the_middle(escalation.sweep)
    assert sorted(warned()) == [0] * (RECORDS - 2) + [1] * 2
    assert escalation.sweep() == RECORDS - 2
    assert warned() == [1] * RECORDS
    assert Notification.objects.filter(event="warning.resolution.75").count() == 2 * RECORDS
    assert list(verify()) == []


def test_clocks_marked_before_their_warnings_would_lose_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def mark_then_die(claim: Claim) -> None:
        sla.mark_reached(claim.checked, at=DUE)
        connection.connection.commit()
        os._exit(9)

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "BATCH", 1)
        patch.setattr(Claim, "save", mark_then_die)
        killed_in_the_middle(escalation.sweep)
    escalation.sweep()
    assert sorted(warned()) == [0] + [1] * (RECORDS - 1)


def test_a_failing_clock_does_not_stop_the_other_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    take = Claim.take
    broken = Clock.objects.filter(kind="resolution").order_by("pk").values_list("pk", flat=True).first()

    def failing(claim: Claim, clock: Clock, declaration: Declaration) -> None:
        if clock.pk == broken:
            raise RuntimeError("broken")
        take(claim, clock, declaration)

    monkeypatch.setattr(Claim, "take", failing)
    at_once(lambda _number: escalation.sweep(), threads=2)
    escalation.sweep()
    assert sorted(warned()) == [0] + [1] * (RECORDS - 1)


# Stopped, and waking too late


def stopped_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> int:
    """A sweep in a process of its own that has claimed everything and stands still; its process id."""
    owners: Owners = thresholds.owners_of

    def read_and_stop(clocks: Iterable[Clock]) -> dict[int, int]:
        os.kill(os.getpid(), signal.SIGSTOP)
        return owners(clocks)

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            monkeypatch.setattr(thresholds, "owners_of", read_and_stop)
            escalation.sweep()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    return child


def woken(child: int) -> None:
    os.kill(child, signal.SIGCONT)
    os.waitpid(child, 0)


def test_a_stopped_worker_holds_up_nobody_else_and_goes_on_when_it_wakes(monkeypatch: pytest.MonkeyPatch) -> None:
    child = stopped_in_the_middle(monkeypatch)
    assert escalation.sweep() == 0
    with set_clock(scenes.MONDAY):
        scenes.Scene().in_progress("minor", "low")
    assert escalation.sweep() == 1
    woken(child)
    assert warned() == [1] * (RECORDS + 1)
    assert list(verify()) == []


def test_a_worker_that_wakes_after_its_claim_was_taken_away_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    child = stopped_in_the_middle(monkeypatch)
    with connection.cursor() as cursor:
        # What the server does by itself to a transaction that stands idle for too long.
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] == 1
    assert escalation.sweep() == RECORDS
    woken(child)
    assert warned() == [1] * RECORDS
    assert entries() == RECORDS
    assert escalation.sweep() == 0


def test_the_server_ends_a_transaction_that_stands_idle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone()[0] == "5min"


def test_the_server_makes_no_program_of_a_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone()[0] == "off"


# Beside people who act on the same records


def test_a_record_in_somebodys_hands_is_left_for_the_next_round() -> None:
    held, ready = Event(), Event()
    first = Declaration.objects.order_by("pk").first()
    assert first is not None

    def act_or_sweep(number: int) -> int:
        if number:
            ready.wait(5)
            try:
                return escalation.sweep()
            finally:
                held.set()
        with transaction.atomic():
            Declaration.objects.select_for_update().get(pk=first.pk)
            ready.set()
            held.wait(5)
        return 0

    assert at_once(act_or_sweep, threads=2) == [0, RECORDS - 1]
    assert escalation.sweep() == 1
    assert warned() == [1] * RECORDS


def test_sweeps_beside_people_never_lock_each_other_out() -> None:
    records = list(Declaration.objects.order_by("pk"))

    def act_or_sweep(number: int) -> None:
        if number % 2:
            escalation.sweep()
            return
        for record in records[number // 2 :]:
            escalation.warn(
                record.pk,
                version=None,
                actor=staff(LIU_DESK),
                kind="at_risk",
                reason="配件未到",
                staff=[person(CHEN_HEAD)],
            )

    at_once(act_or_sweep, threads=6)
    escalation.sweep()
    assert all(record.warning_rows.filter(threshold=75).count() == 1 for record in records)
    assert [compare(record) for record in Declaration.objects.all()] == [None] * RECORDS


def test_two_clicks_at_once_are_one_acknowledgement() -> None:
    escalation.sweep()
    record = Declaration.objects.order_by("pk").first()
    assert record is not None
    click = lambda _number: escalation.acknowledge_warnings(record.pk, actor=staff(LIU_DESK))  # noqa: E731
    assert sorted(at_once(click, threads=4)) == [0, 0, 0, 1]
    assert Acknowledgement.objects.count() == 1
    assert compare(record) is None


def test_sweeps_at_once_climb_once() -> None:
    escalation.sweep()
    Unanswered.objects.update(next_check_at=DUE)
    at_once(lambda _number: escalation.sweep(), threads=4)
    assert Notification.objects.filter(event="unanswered.department_head").count() == RECORDS
    assert list(verify()) == []
