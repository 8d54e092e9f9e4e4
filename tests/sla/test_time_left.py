"""Time left as every page words it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from base.clock import set_clock
from sla.actions import cancel, continue_clock, pause, resume, start_clock, stop
from sla.queries import TimeState, reasons, threshold_at, time_left
from sla.targets import Target
from tests.sla.conftest import march

pytestmark = pytest.mark.django_db
TICK = timedelta(microseconds=1)
DAY = Target(24, "hour", "natural")


def started(target=DAY, calendar=None, kind="resolution", at=None, source="matrix"):
    return start_clock(
        kind, started_at=at or march(2, 9), target=target, source=source, calendar=calendar, thresholds=(75, 90, 100)
    )


def worded(clock, at, **options) -> tuple[str, str, str]:
    left = time_left(clock, at, **options)
    with override("en"):
        english = left.words
    with override("zh-hans"):
        return str(left.state), english, left.words


@pytest.mark.parametrize(
    ("at", "state", "english", "chinese"),
    [
        (march(2, 23, 30), "normal", "9 h 30 min left", "剩 9 小时 30 分"),
        (march(3, 3), "at_risk", "6 h left", "剩 6 小时"),
        (march(3, 8, 32), "at_risk", "28 min left", "剩 28 分"),
        (march(3, 8, 59) + timedelta(seconds=30), "at_risk", "under 1 min left", "剩不到 1 分"),
        (march(3, 9), "breached", "under 1 min overdue", "超时不到 1 分"),
        (march(3, 9, 22), "breached", "22 min overdue", "超时 22 分"),
        (march(5, 12), "breached", "2 d 3 h overdue", "超时 2 天 3 小时"),
    ],
)
def test_a_running_clock_in_words(at, state, english, chinese):
    assert worded(started(), at) == (state, english, chinese)


def test_under_an_hour_but_below_three_quarters_is_soon():
    clock = started(Target(1, "hour", "natural"))
    assert worded(clock, march(2, 9, 42))[0] == "soon"
    assert worded(clock, march(2, 9, 45))[0] == "at_risk"


def test_a_miss_is_likely_from_the_share_on_from_which_like_cases_miss():
    clock = started()
    assert not time_left(clock, march(3, 2)).likely
    clock.trend_percent = 50
    assert [time_left(clock, at).likely for at in (march(2, 20, 59), march(2, 21), march(3, 9))] == [False, True, False]
    clock.cancelled_at = march(2, 22)
    assert not time_left(clock, march(3, 2)).likely


def test_states_compare_instants_and_not_rounded_shares():
    clock = started()
    at_risk, due = march(3, 3), march(3, 9)
    assert time_left(clock, at_risk - TICK).state == TimeState.NORMAL
    assert time_left(clock, at_risk).state == TimeState.AT_RISK
    assert time_left(clock, due - TICK).state == TimeState.AT_RISK
    assert time_left(clock, due - TICK).fraction > 0.99951
    assert time_left(clock, due).state == TimeState.BREACHED


def test_a_paused_clock_says_so_however_long_it_stands(calendar):
    clock = pause(started(Target(4, "hour", "working"), calendar), march(2, 13, 48))
    assert worded(clock, march(4, 14)) == (
        "paused",
        "Paused, 12 min left (working time)",
        "已停表，剩 12 分（工作时间）",
    )
    left = time_left(clock, march(4, 14))
    assert (left.left, left.counted, left.due_words) == (timedelta(minutes=12), (), "")


def test_a_pause_that_came_after_the_due_time_hides_no_breach():
    clock = pause(started(), march(3, 10))
    assert worded(clock, march(4, 14)) == ("breached", "1 h overdue", "超时 1 小时")


def test_waiting_while_the_clock_runs_is_said():
    assert worded(started(), march(3, 6), waiting=True) == (
        "at_risk",
        "Waiting for customer, clock runs, 3 h left",
        "待客户，不停表，剩 3 小时",
    )


def test_a_solved_clock_tells_how_long_it_took_or_how_late_it_was():
    solved = stop(started(), march(2, 12, 28))
    assert worded(solved, march(9, 9)) == ("met", "On time, took 3 h 28 min", "按时，用时 3 小时 28 分")
    late = stop(started(), march(4, 8, 5))
    assert worded(late, march(9, 9)) == ("late", "Solved late by 23 h 5 min", "超时解决，超 23 小时 5 分")
    answered = stop(started(kind="response"), march(4, 8, 5))
    assert worded(answered, march(9, 9))[1:] == ("Late by 23 h 5 min", "晚了 23 小时 5 分")


def test_a_cancelled_clock_is_no_longer_timed():
    assert worded(cancel(started(), march(2, 10)), march(9, 9)) == ("cancelled", "No longer timed", "不再计时")


def test_net_time_leaves_out_pauses(calendar):
    clock = stop(pause(started(Target(8, "hour", "working"), calendar), march(2, 10)), march(5, 11))
    left = time_left(clock, march(9, 9))
    assert (left.used, left.state) == (timedelta(hours=1), TimeState.MET)


def test_a_rejected_clock_counts_through_the_time_it_stood_solved():
    clock = continue_clock(stop(started(), march(2, 10)), march(3, 10))
    assert worded(clock, march(3, 11)) == ("breached", "2 h overdue", "超时 2 小时")


def test_the_counted_stretches_ahead_let_a_browser_tick_only_in_working_time(calendar):
    clock = started(Target(8, "hour", "working"), calendar, at=march(2, 15))
    assert time_left(clock, march(2, 17)).counted == (
        (march(2, 17), march(2, 18)),
        (march(3, 9), march(3, 12)),
        (march(3, 13), march(3, 17)),
    )
    assert time_left(started(), march(2, 17)).counted == ()


def test_a_viewer_in_another_zone_sees_the_same_time_left(calendar):
    clock = started(Target(8, "hour", "working"), calendar)
    here, there = (time_left(clock, march(2, 17).astimezone(ZoneInfo(zone))) for zone in ("UTC", "America/New_York"))
    assert here == there


def test_the_due_time_stands_beside_it():
    left = time_left(started(), march(2, 10))
    with set_clock(march(2, 10)), override("zh-hans"):
        assert left.due_words == "明天 09:00"


def test_a_list_of_clocks_needs_no_query(calendar, count_queries):
    clocks = [started(Target(8, "hour", "working"), calendar) for _ in range(3)]
    pause(clocks[0], march(2, 10))
    time_left(clocks[0], march(2, 11))
    assert count_queries(lambda: [time_left(clock, march(2, 11)).words for clock in clocks]) == 0


def test_thresholds_of_a_paused_clock_are_known_only_if_reached_before(calendar):
    clock = pause(started(), march(3, 4))
    assert threshold_at(clock, 75) == march(3, 3)
    assert threshold_at(clock, 90) is None
    resume(clock, march(3, 6))
    assert threshold_at(clock, 100) == march(3, 11)


def test_the_reasons_explain_a_natural_clock():
    assert reasons(started()) == [
        "Counted from 03-02 09:00, when it was received, not from when it was logged.",
        "No contract sets a time here, so the procedure's matrix holds: 24 hours.",
        "Natural time: nights, weekends and holidays count.",
        "There were no pauses.",
        "On time means before 03-03 09:00; at 03-03 09:00 sharp it is late.",
    ]


def test_the_reasons_explain_a_working_clock_with_its_pauses(calendar):
    clock = started(Target(8, "hour", "working"), calendar, at=march(6, 16), source="contract")
    resume(pause(clock, march(6, 17)), march(9, 10))
    with override("zh-hans"):
        told = reasons(clock, pause_allowed=True)
    assert told == [
        "从接收起算：03-06 16:00，不是登记时。",
        "合同约定 8 小时（工作时间）。",
        "工作时间：平日 09:00–12:00、13:00–18:00；其间 2 天休息，不计。",
        "停表使应完成时间推后 2 小时。",
        "03-09 18:00 之前才算按时，03-09 18:00 整已超时。",
    ]


def test_the_reasons_take_a_better_sentence_and_what_the_contract_says_of_pauses(calendar):
    told = reasons(started(), basis="Contract HT-3 has no time for level 1.", pause_allowed=False)
    assert told[1] == "Contract HT-3 has no time for level 1."
    assert told[3] == "The contract allows no pauses; there were none."
    paused = reasons(pause(started(), march(2, 10)), pause_allowed=True)
    assert paused[3] == "The clock has stood since 03-02 10:00; the due time moves when it goes on."
    monthly = reasons(started(Target(1, "calendar_month", "natural"), calendar))
    assert monthly[2] == "Calendar months: the same time of day, on the last day of the month at the latest."
