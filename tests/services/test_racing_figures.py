"""Several who count at once, and people at work meanwhile: every record enters the sums once.

What keeps those who count apart is the turn that they take. In the twin it is taken away, and the sums go wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from django.db import transaction

from accounts.actors import SYSTEM
from base.clock import now, set_clock
from incidents import actions
from incidents.models import AwaitsCount
from reports.actions import count_changed, counting
from reports.models import CountedRecord
from reports.queries.comparing import differences
from tests import scenes
from tests.firm import LIU_DESK, open_firm, staff
from tests.reports.by_hand import added_up, by_hand
from tests.reports.reading import YEAR
from tests.services.racing import at_once, on_a_server

pytestmark = [pytest.mark.services, on_a_server, pytest.mark.django_db(transaction=True)]
SCENE = scenes.Scene()
MEETING, PATIENCE = 0.5, 30


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with set_clock(scenes.MONDAY):
        open_firm()
        yield


def meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have counted the records before either adds to the sums, if they can."""
    add, barrier = counting._add_to_sums, Barrier(2)

    def add_together(difference: Any) -> None:
        with suppress(BrokenBarrierError):
            barrier.wait(MEETING)
        add(difference)

    monkeypatch.setattr(counting, "_add_to_sums", add_together)


def hold() -> None:
    assert added_up(SYSTEM, YEAR, now()) == by_hand(SYSTEM, YEAR, now())


def test_of_two_who_count_at_once_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        SCENE.closed()
    meeting(monkeypatch)
    assert sorted(at_once(lambda _number: count_changed(), threads=2)) == [0, 3]
    assert list(differences()) == []
    hold()


def test_without_the_turn_a_record_would_count_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    SCENE.closed()
    meeting(monkeypatch)
    monkeypatch.setattr(counting, "counting_alone", transaction.atomic)
    assert at_once(lambda _number: count_changed(), threads=2) == [1, 1]
    assert any("2 should be 1" in line for line in differences())


def test_who_works_on_a_record_does_not_wait_for_who_counts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a record is being counted it is reopened: that step is through first, and is counted next."""
    closed = SCENE.closed()
    counted, reopened = Event(), Event()
    add = counting._add_to_sums

    def add_afterwards(difference: Any) -> None:
        counted.set()
        assert reopened.wait(PATIENCE)
        add(difference)

    def work(number: int) -> None:
        if number:
            count_changed()
            return
        assert counted.wait(PATIENCE)
        actions.reopen(closed.pk, version=None, actor=staff(LIU_DESK), reason="又出现了")
        hold()
        reopened.set()

    monkeypatch.setattr(counting, "_add_to_sums", add_afterwards)
    at_once(work, threads=2)
    hold()
    count_changed()
    assert (AwaitsCount.objects.count(), CountedRecord.objects.count(), list(differences())) == (0, 0, [])
    hold()
