"""A clock through everything that can happen to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from accounts.actors import SYSTEM
from sla.actions import (
    CalendarEntry,
    ClockError,
    cancel,
    continue_clock,
    correct,
    load_calendar_year,
    mark_checked,
    pause,
    replay,
    resume,
    retarget,
    start_clock,
    stop,
)
from sla.models import CalendarDay, Clock, ClockEvent
from sla.queries import TimeState, moved, time_left
from sla.targets import Target
from tests.sla.conftest import march

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)


def working(hours: int) -> Target:
    return Target(hours, "hour", "working")


def natural(hours: int) -> Target:
    return Target(hours, "hour", "natural")


def started(calendar, at, target, kind="resolution", thresholds=(75, 90, 100)) -> Clock:
    return start_clock(kind, started_at=at, target=target, source="matrix", calendar=calendar, thresholds=thresholds)


def columns(clock: Clock) -> dict[str, object]:
    return {field.attname: getattr(clock, field.attname) for field in Clock._meta.concrete_fields}


def test_a_clock_knows_its_due_time_and_first_threshold(calendar):
    clock = started(calendar, march(6, 17), working(4))
    clock.refresh_from_db()
    assert clock.due_at == march(9, 12)
    assert clock.next_check_at == march(9, 11)
    assert clock.met is None


def test_one_hundred_percent_is_always_looked_at(calendar):
    assert started(calendar, march(2, 9), working(4), thresholds=[75]).thresholds == [75, 100]


def test_met_is_strictly_before_the_due_time(calendar):
    due = march(2, 13)
    for at, met in ((due, False), (due - TICK, True), (due + TICK, False)):
        clock = stop(started(calendar, march(2, 9), natural(4)), at)
        assert (clock.met, clock.stopped_at) == (met, at)
        assert clock.next_check_at is None
        assert clock.breached_at == (None if met else due)


def test_the_database_refuses_a_clock_that_was_met_in_its_due_second(calendar):
    clock = stop(started(calendar, march(2, 9), natural(4)), march(2, 13))
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pk=clock.pk).update(met=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.filter(pk=clock.pk).update(next_check_at=march(2, 13))


def test_a_second_answer_changes_nothing(calendar):
    clock = stop(started(calendar, march(2, 9), natural(4), kind="response"), march(2, 10))
    stop(clock, march(2, 15))
    assert (clock.stopped_at, clock.met, clock.events.count()) == (march(2, 10), True, 2)


def test_a_pause_moves_the_due_time_when_it_ends(calendar):
    clock = pause(started(calendar, march(6, 16), working(8)), march(6, 17))
    assert (clock.paused_at, clock.next_check_at) == (march(6, 17), None)
    assert clock.due_at == march(9, 17 - 1)
    resume(clock, march(9, 10))
    assert (clock.paused_at, clock.due_at) == (None, march(9, 18))
    assert clock.next_check_at == march(9, 16)


def test_a_retarget_counts_from_the_original_start_and_keeps_the_pause(calendar):
    clock = started(calendar, march(2, 9), working(8))
    resume(pause(clock, march(2, 10)), march(2, 15))
    retarget(clock, target=working(4), source="contract", at=march(2, 15, 30))
    assert clock.due_at == march(2, 18)
    assert (clock.source, clock.cycle) == ("contract", 2)


def test_solved_straight_out_of_a_pause_is_judged_by_the_net_time(calendar):
    clock = pause(started(calendar, march(2, 9), working(8)), march(2, 10))
    stop(clock, march(5, 11))
    assert (clock.met, clock.paused_at) == (True, None)
    assert clock.due_at == march(6, 10)


def test_a_rejected_solution_goes_on_as_if_it_had_never_been(calendar):
    clock = stop(started(calendar, march(2, 9), working(4)), march(2, 10))
    assert clock.met is True
    continue_clock(clock, march(3, 10))
    assert (clock.stopped_at, clock.met) == (None, None)
    assert clock.due_at == march(2, 14)
    assert clock.breached_at == march(2, 14)
    assert clock.next_check_at == march(2, 12)


def test_both_verdicts_of_a_clock_that_was_stopped_twice_can_be_read(calendar):
    clock = stop(started(calendar, march(2, 9), working(4)), march(2, 10))
    continue_clock(clock, march(3, 10))
    stop(clock, march(3, 11))
    stops = clock.events.filter(kind=ClockEvent.Kind.STOP)
    assert [event.at for event in stops] == [march(2, 10), march(3, 11)]
    assert [event.data["met"] for event in stops] == [True, False]
    assert clock.met is False


def test_a_breach_stays_when_a_later_target_allows_more(calendar):
    clock = started(calendar, march(2, 9), natural(24))
    retarget(clock, target=natural(72), source="matrix", at=march(4, 9))
    assert (clock.due_at, clock.breached_at) == (march(5, 9), march(3, 9))
    stop(clock, march(4, 10))
    assert (clock.met, clock.breached_at) == (True, march(3, 9))


def test_a_target_that_is_over_already_is_breached_at_once(calendar):
    clock = started(calendar, march(2, 9), natural(72))
    retarget(clock, target=natural(24), source="matrix", at=march(4, 9))
    assert clock.breached_at == march(3, 9)
    assert clock.next_check_at == march(3, 3)


def test_an_answer_entered_late_undoes_the_breach_that_never_was(calendar):
    clock = started(calendar, march(2, 9), natural(1), kind="response", thresholds=[100])
    Clock.objects.filter(pk=clock.pk).update(breached_at=march(2, 10), checked=100, next_check_at=None)
    stop(clock, march(2, 9, 5))
    assert (clock.met, clock.breached_at) == (True, None)


@pytest.mark.parametrize(("thresholds", "warnings"), [((80, 50, 100), (50, 80)), ((100,), (75,))])
def test_a_clock_is_at_risk_from_its_own_first_warning(calendar, thresholds, warnings):
    clock = started(calendar, march(2, 9), natural(10), thresholds=thresholds)
    first = march(2, 9) + timedelta(hours=warnings[0] / 10)
    assert time_left(clock, first).warnings == warnings
    assert time_left(clock, first).state == TimeState.AT_RISK
    assert time_left(clock, first - timedelta(minutes=1)).state == TimeState.NORMAL


def test_cancelled_clocks_leave_every_due_list_without_a_verdict(calendar):
    clock = cancel(pause(started(calendar, march(2, 9), working(4)), march(2, 10)), march(2, 11))
    assert (clock.next_check_at, clock.met, clock.stopped_at, clock.paused_at) == (None, None, None, None)
    met = stop(started(calendar, march(2, 9), working(4)), march(2, 10))
    assert cancel(met, march(2, 11)).cancelled_at is None


def test_a_cancelled_clock_can_go_on(calendar):
    clock = continue_clock(cancel(started(calendar, march(2, 9), working(4)), march(2, 10)), march(2, 11))
    assert clock.next_check_at == march(2, 12)


@pytest.mark.parametrize(
    ("before", "move"),
    [
        ([pause], pause),
        ([], resume),
        ([stop], pause),
        ([stop], resume),
        ([cancel], pause),
        ([], continue_clock),
        ([stop, continue_clock], continue_clock),
    ],
)
def test_moves_that_cannot_be_are_refused_and_leave_no_event(calendar, before, move):
    clock = started(calendar, march(2, 9), working(4))
    for step in before:
        step(clock, march(2, 10))
    unchanged = columns(clock)
    with pytest.raises(ClockError):
        move(clock, march(2, 10))
    clock.refresh_from_db()
    assert columns(clock) == unchanged
    assert clock.events.count() == 1 + len(before)


def test_nothing_happens_before_the_start_or_before_the_last_pause(calendar):
    clock = started(calendar, march(2, 9), working(8))
    with pytest.raises(ClockError):
        stop(clock, march(2, 8))
    resume(pause(clock, march(2, 10)), march(2, 11))
    with pytest.raises(ClockError):
        pause(clock, march(2, 10, 30))


def test_a_start_is_not_corrected_to_after_a_pause_began(calendar):
    clock = pause(started(calendar, march(2, 9), working(8)), march(2, 10))
    with pytest.raises(ClockError, match="was paused before"):
        correct(clock, started_at=march(2, 10, 30), at=march(2, 11))
    assert clock.events.count() == 2


def test_a_retarget_does_not_repeat_the_warnings_that_still_hold(calendar):
    clock = started(calendar, march(2, 9), natural(24))
    Clock.objects.filter(pk=clock.pk).update(checked=90)
    retarget(clock, target=natural(26), source="matrix", at=march(3, 6))
    assert (clock.checked, clock.next_check_at) == (75, march(3, 8, 24))
    retarget(clock, target=natural(72), source="matrix", at=march(3, 7))
    assert (clock.checked, clock.next_check_at) == (0, march(4, 15))


def test_the_row_is_what_its_events_tell(calendar):
    clock = started(calendar, march(2, 9), working(4))
    resume(pause(clock, march(2, 10)), march(2, 11, 30))
    stop(clock, march(2, 13))
    continue_clock(clock, march(3, 9))
    retarget(clock, target=Target(1, "calendar_month", "natural"), source="contract", at=march(3, 10))
    pause(clock, march(4, 10))
    for change in (None, resume, pause, cancel):
        if change:
            change(clock, march(5, 10))
        clock.refresh_from_db()
        assert columns(replay(clock)) == columns(clock)


def test_a_row_whose_derived_columns_are_lost_can_be_rebuilt(calendar):
    clock = stop(pause(started(calendar, march(2, 9), working(4)), march(2, 10)), march(4, 9))
    kept = columns(clock)
    Clock.objects.filter(pk=clock.pk).update(
        due_at=march(2, 9), pause_spans=[], stopped_at=None, met=None, thresholds=[], event_count=0, cycle=9
    )
    replay(Clock.objects.get(pk=clock.pk)).save(force_update=True)
    assert columns(Clock.objects.get(pk=clock.pk)) == kept


def test_a_breach_that_a_sweep_saw_is_found_in_replay(calendar):
    clock = started(calendar, march(2, 9), natural(4))
    mark_checked(clock, at=march(2, 14))
    clock.refresh_from_db()
    assert (clock.breached_at, clock.checked, clock.next_check_at) == (march(2, 13), 100, None)
    assert columns(replay(clock)) == columns(clock)


def test_a_month_runs_on_the_wall_clock_of_the_calendar(calendar):
    received = march(1, 0, 30).replace(month=8, day=31)
    clock = started(calendar, received, Target(1, "calendar_month", "natural"))
    assert clock.due_at == received.replace(month=9, day=30)
    assert clock.next_check_at == received + (clock.due_at - received) * 3 / 4


def test_targets_that_need_a_calendar_are_refused_without_one():
    for target in (working(4), Target(1, "working_day", "working"), Target(1, "calendar_month", "natural")):
        with pytest.raises(ValueError, match="calendar"):
            started(None, march(2, 9), target)
    assert started(None, march(2, 9), Target(15, "minute", "natural")).due_at == march(2, 9, 15)


def test_a_calendar_that_changes_would_move_only_open_clocks_that_count_by_it_and_moves_none_by_itself(calendar):
    counted, month, hourly, closed = (
        started(calendar, march(2, 17), target)
        for target in (working(4), Target(1, "calendar_month", "natural"), natural(40), working(4))
    )
    stop(closed, march(2, 17, 30))
    day_off = CalendarEntry(march(3, 0).date(), CalendarDay.Kind.DAY_OFF)
    load_calendar_year(calendar, 2026, [day_off], "notice", actor=SYSTEM)
    moves = [moved(clock, clock.agreed, clock.source, calendar) for clock in (counted, month, hourly, closed)]
    assert [move and move.due_at for move in moves] == [march(4, 12), None, None, None]
    assert moves[0].difference == timedelta(days=1)
    counted.refresh_from_db()
    assert counted.due_at == march(3, 12)
    retarget(counted, target=counted.agreed, source=counted.source, at=march(3, 9), calendar=calendar)
    assert (counted.due_at, counted.events.last().kind) == (march(4, 12), ClockEvent.Kind.RETARGET)
    assert moved(counted, counted.agreed, counted.source, calendar) is None
    assert columns(replay(closed)) == columns(closed)


@pytest.mark.django_db(transaction=True)
def test_clocks_change_only_inside_a_transaction(calendar):
    assert not connection.in_atomic_block
    with pytest.raises(TransactionManagementError):
        started(calendar, march(2, 9), working(4))
    assert not Clock.objects.exists()


def test_starting_takes_two_statements_and_stopping_three(calendar, count_queries):
    clock = started(calendar, march(2, 9), working(4))
    assert count_queries(lambda: started(calendar, march(2, 9), working(4))) == 2
    assert count_queries(lambda: stop(clock, march(2, 10))) <= 3
