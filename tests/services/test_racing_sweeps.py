"""Sweeps at the same moment, and one that is killed: each warning is given once and none is lost.

Each fence has a twin of its test in which the fence is taken away and the fault is seen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection, transaction

from config.clock import set_clock
from escalation import actions as escalation
from escalation.actions import warnings
from escalation.models import Warning, WarningRecipient
from incidents.models import Declaration
from ledger.models import Entry
from ledger.triggers import lifted
from ledger.verification import verify
from notifications.models import Notification
from sla import actions as sla
from sla.models import Clock
from tests import scenes
from tests.services.racing import at_once, killed_in_the_middle, on_a_server

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
DUE = datetime.fromisoformat("2026-11-23T14:30:00+08:00")
RECORDS = 6
# The package shows the function under the name of its module.
sweeping = import_module("escalation.actions.sweep")


@pytest.fixture(autouse=True)
def records() -> Iterator[None]:
    """Six incidents whose first threshold is reached at half past two, and it is half past two."""
    with set_clock(scenes.MONDAY):
        scenes.firm()
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


def meet_after_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the record, and two who have read the same clock as due go on together."""
    both_have_read, read = Barrier(2, timeout=3), warnings.opening_after_quiet_hours

    def read_and_wait(clock: Clock) -> datetime | None:
        with suppress(BrokenBarrierError):
            both_have_read.wait()
        return read(clock)

    monkeypatch.setattr(Declaration.objects, "select_for_update", Declaration.objects.all)
    monkeypatch.setattr(warnings, "opening_after_quiet_hours", read_and_wait)


def check_one_clock_twice() -> None:
    clock = Clock.objects.filter(kind="resolution").order_by("pk").first()
    record = Declaration.objects.get(resolution_clock=clock)
    at_once(lambda _number: sweeping._check(clock.pk, record.pk), threads=2)


def test_without_the_lock_the_constraint_still_allows_one(monkeypatch: pytest.MonkeyPatch) -> None:
    meet_after_reading(monkeypatch)
    check_one_clock_twice()
    assert sum(warned()) == 1
    assert entries() == 1


def test_without_lock_and_constraint_two_would_warn_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    [fence] = [each for each in Warning._meta.constraints if each.name == "one_warning_a_threshold"]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Warning, fence)
    try:
        meet_after_reading(monkeypatch)
        check_one_clock_twice()
        assert sum(warned()) == 2
    finally:
        with lifted():
            WarningRecipient.objects.all().delete()
            Warning.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Warning, fence)


# Killed in between


def dies_at_the_third(monkeypatch: pytest.MonkeyPatch) -> None:
    mark, done = sla.mark_checked, []

    def mark_or_die(*clocks: Clock, at: datetime) -> None:
        done.append(clocks)
        if len(done) == 3:
            os._exit(9)
        mark(*clocks, at=at)

    monkeypatch.setattr(warnings.sla, "mark_checked", mark_or_die)


def test_a_killed_sweep_loses_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        dies_at_the_third(patch)
        killed_in_the_middle(escalation.sweep)
    assert sorted(warned()) == [0] * (RECORDS - 2) + [1] * 2
    assert escalation.sweep() == RECORDS - 2
    assert warned() == [1] * RECORDS
    assert Notification.objects.filter(event="warning.resolution.75").count() == 2 * RECORDS
    assert list(verify()) == []


def test_a_clock_marked_before_its_warning_would_lose_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def mark_then_die(clock_id: int, declaration_id: int) -> int:
        with transaction.atomic():
            sla.mark_checked(Clock.objects.get(pk=clock_id), at=DUE)
        os._exit(9)

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "check_clock", mark_then_die)
        killed_in_the_middle(escalation.sweep)
    escalation.sweep()
    assert sorted(warned()) == [0] + [1] * (RECORDS - 1)


def test_a_failing_clock_does_not_stop_the_other_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    check: Any = sweeping.check_clock
    broken = Clock.objects.filter(kind="resolution").order_by("pk").values_list("pk", flat=True).first()

    def failing(clock_id: int, declaration_id: int) -> int:
        if clock_id == broken:
            raise RuntimeError("broken")
        return int(check(clock_id, declaration_id))

    monkeypatch.setattr(sweeping, "check_clock", failing)
    at_once(lambda _number: escalation.sweep(), threads=2)
    assert sorted(warned()) == [0] + [1] * (RECORDS - 1)
