"""What a sweep finds, and finds once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sla.actions import claim_due, mark_checked, pause, resume, start_clock, stop
from sla.queries import reached_thresholds
from sla.targets import Target
from tests.sla.conftest import march

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def started(hours: int = 4, kind: str = "resolution", at=None):
    return start_clock(
        kind,
        started_at=at or march(2, 8),
        target=Target(hours, "hour", "natural"),
        source="matrix",
        calendar=None,
        thresholds=(75, 90, 100),
    )


def test_nothing_is_due_before_its_first_threshold():
    clock = started()
    assert claim_due(march(2, 11) - TICK, 10) == []
    assert claim_due(march(2, 11), 10) == [clock]


def percents(clock, at):
    return [percent for percent, _moment in reached_thresholds(clock, at)]


def test_each_threshold_is_found_once():
    clock = started()
    found = []
    for minute in range(0, 300, 6):
        at = march(2, 8) + timedelta(minutes=minute)
        for claimed in claim_due(at, 10):
            found.append((at, percents(claimed, at)))
            mark_checked(claimed, at=at)
    assert found == [(march(2, 11), [75]), (march(2, 11, 36), [90]), (march(2, 12), [100])]
    clock.refresh_from_db()
    assert (clock.checked, clock.next_check_at, clock.breached_at) == (100, None, march(2, 12))


def test_a_sweep_that_comes_late_finds_all_that_was_missed_at_once():
    started()
    (claimed,) = claim_due(march(3, 8), 10)
    assert percents(claimed, march(3, 8)) == [75, 90, 100]
    mark_checked(claimed, at=march(3, 8))
    assert claim_due(march(4, 8), 10) == []


def test_a_paused_or_stopped_clock_is_not_due():
    waiting, solved = started(), started()
    pause(waiting, march(2, 9))
    stop(solved, march(2, 9))
    assert claim_due(march(9, 9), 10) == []
    resume(waiting, march(4, 9))
    assert percents(waiting, march(4, 11)) == [75]
    assert claim_due(march(4, 11), 10) == [waiting]


def test_the_longest_waiting_come_first_and_no_more_than_asked_for():
    later, first, other = started(5), started(4), started(4, kind="handover", at=march(2, 7))
    assert claim_due(march(3, 8), 2) == [other, first]
    assert claim_due(march(3, 8), 9, kinds=["resolution"]) == [first, later]


def test_a_sweep_costs_what_is_due_and_not_what_is_open(count_queries):
    for _ in range(3):
        started(400)
    due = [started() for _ in range(20)]

    def sweep() -> None:
        mark_checked(*claim_due(march(2, 11), 100), at=march(2, 11))

    assert count_queries(sweep) == 2
    assert count_queries(sweep) <= 1
    due[0].refresh_from_db()
    assert due[0].next_check_at == march(2, 11, 36)
