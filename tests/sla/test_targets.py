"""Targets as contracts and the procedure hold them."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.utils.translation import override

from sla.arithmetic import Months, WorkingCalendar, deadline
from sla.targets import Target
from tests.sla.conftest import EIGHT_HOURS, march

CALENDAR = WorkingCalendar("Asia/Shanghai", EIGHT_HOURS)
SEVEN_AND_A_HALF = WorkingCalendar("Asia/Shanghai", {day: [(540, 720), (810, 1080)] for day in range(5)})


@pytest.mark.parametrize(
    "data",
    [
        {"value": 4, "unit": "hour", "clock": "working"},
        {"value": 24, "unit": "hour", "clock": "natural"},
        {"value": 30, "unit": "minute", "clock": "working"},
        {"value": 1, "unit": "working_day", "clock": "working"},
        {"value": 1, "unit": "calendar_month", "clock": "natural"},
    ],
)
def test_a_target_reads_what_it_writes(data):
    assert Target.from_data(data).as_data() == data


def test_the_clock_may_be_left_out_where_there_is_no_choice():
    assert Target.from_data({"value": 1, "unit": "working_day"}) == Target(1, "working_day", "working")
    assert Target.from_data({"value": 1, "unit": "calendar_month"}) == Target(1, "calendar_month", "natural")


@pytest.mark.parametrize(
    "data",
    [
        {"value": 0, "unit": "hour", "clock": "natural"},
        {"value": -1, "unit": "hour", "clock": "natural"},
        {"value": 1.5, "unit": "hour", "clock": "natural"},
        {"value": True, "unit": "hour", "clock": "natural"},
        {"value": "4", "unit": "hour", "clock": "natural"},
        {"unit": "hour", "clock": "natural"},
        {"value": 4, "unit": "week", "clock": "natural"},
        {"value": [], "unit": "hour", "clock": "natural"},
        {"value": 4, "unit": []},
        {"value": 4, "unit": {}, "clock": "natural"},
        {"value": 4, "unit": "hour", "clock": []},
        {"value": 4, "unit": "hour"},
        {"value": 4, "unit": "hour", "clock": "lunar"},
        {"value": 1, "unit": "calendar_month", "clock": "working"},
        {"value": 1, "unit": "working_day", "clock": "natural"},
    ],
)
def test_what_cannot_be_kept_is_refused(data):
    with pytest.raises(ValueError, match=r"target|unit|counted"):
        Target.from_data(data)


def test_due_times_by_unit():
    start = march(6, 17)
    assert Target(90, "minute", "natural").due(start, None) == march(6, 18, 30)
    assert Target(90, "minute", "working").due(start, CALENDAR) == march(9, 9, 30)
    assert Target(2, "hour", "working").due(start, CALENDAR, [(march(6, 17), march(9, 10))]) == march(9, 12)
    assert Target(1, "calendar_month", "natural").due(start, CALENDAR) == march(6, 17).replace(month=4)


def test_a_working_day_is_the_working_time_of_a_normal_day():
    assert Target(1, "working_day", "working").due(march(2, 10), CALENDAR) == march(3, 10)
    half_days = Target(2, "working_day", "working")
    assert half_days.length(march(2, 10), SEVEN_AND_A_HALF) == timedelta(hours=15)
    assert half_days.due(march(2, 9), SEVEN_AND_A_HALF) == march(3, 18)


def test_three_quarters_of_a_month_are_real_time():
    month = Target(1, "calendar_month", "natural")
    assert month.part_due(march(1, 0), 75, CALENDAR) == march(1, 0) + timedelta(days=31) * 3 / 4
    february = march(1, 9).replace(month=2)
    assert month.part_due(february, 75, CALENDAR) == february + timedelta(days=21)


def test_a_month_with_a_pause_is_the_same_by_target_and_by_arithmetic():
    start, pauses = march(1, 0, 30).astimezone(UTC), [(march(10, 8), march(12, 10))]
    by_target = Target(1, "calendar_month", "natural").due(start, CALENDAR, pauses)
    in_shanghai = march(1, 0, 30)
    assert by_target == deadline(in_shanghai, Months(1), SEVEN_AND_A_HALF) + timedelta(hours=50)


def test_working_time_cannot_be_counted_without_a_calendar():
    for target in (Target(4, "hour", "working"), Target(1, "working_day", "working")):
        assert target.needs_calendar
        with pytest.raises(ValueError, match="calendar"):
            target.due(march(2, 9), None)


@pytest.mark.parametrize(
    ("target", "english", "chinese"),
    [
        (Target(4, "hour", "natural"), "4 hours", "4 小时"),
        (Target(1, "hour", "natural"), "1 hour", "1 小时"),
        (Target(1, "calendar_month", "natural"), "1 month", "1 个月"),
        (Target(30, "minute", "working"), "30 minutes (working time)", "30 分钟（工作时间）"),
        (Target(1, "working_day", "working"), "1 working day", "1 个工作日"),
    ],
)
def test_targets_are_worded_in_both_languages(target, english, chinese):
    with override("en"):
        assert target.words() == english
    with override("zh-hans"):
        assert target.words() == chinese
