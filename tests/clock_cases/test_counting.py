"""The cases that pure arithmetic decides, each under its number.

Unless said otherwise the calendar has eight hours a day, Monday to Friday 09:00–12:00 and 13:00–18:00 in Shanghai.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from sla.arithmetic import ALWAYS, Months, WorkingCalendar, deadline, elapsed
from sla.targets import Target
from tests.sla.test_arithmetic_cases import EIGHT_HOURS, NEW_YORK, NINE_TO_FIVE, SHANGHAI, hours, march

TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
ROUND_THE_CLOCK = WorkingCalendar("Asia/Shanghai", {day: [(0, 1440)] for day in range(7)})


def test_case_01_a_call_on_saturday_counts_from_monday_morning():
    received, answered = march(7, 10), march(9, 9, 40)
    due = deadline(received, hours(1), EIGHT_HOURS)
    assert due == march(9, 10)
    assert elapsed(received, answered, EIGHT_HOURS) == 40 * MINUTE
    assert answered < due


def test_case_02_lunch_is_skipped():
    assert deadline(march(2, 11, 30), hours(2), EIGHT_HOURS) == march(2, 14, 30)


@pytest.mark.parametrize("calendar", [ROUND_THE_CLOCK, ALWAYS])
def test_case_03_round_the_clock_runs_over_midnight_and_a_window_may_end_at_24(calendar):
    assert deadline(march(2, 23, 30), hours(1), calendar) == march(3, 0, 30)
    assert elapsed(march(2, 23, 30), march(3, 0, 30), calendar) == hours(1)


def test_case_04_sixteen_hours_from_monday_evening():
    assert deadline(march(2, 17), hours(16), EIGHT_HOURS) == march(4, 17)
    # By the definition of every row: the earliest instant, not the next morning.
    assert deadline(march(2, 9), hours(8), EIGHT_HOURS) == march(2, 18)


def test_case_05_a_make_up_sunday_counts():
    make_up = {date(2026, 9, 20): [(540, 720), (780, 1080)], date(2026, 9, 25): []}
    calendar = WorkingCalendar("Asia/Shanghai", EIGHT_HOURS.weekly, make_up)
    start = datetime(2026, 9, 19, 10, tzinfo=SHANGHAI)
    assert deadline(start, hours(4), calendar) == datetime(2026, 9, 20, 14, tzinfo=SHANGHAI)


def test_case_06_a_pause_over_the_weekend_is_two_working_hours():
    pause = (march(6, 17), march(9, 10))
    assert elapsed(*pause, EIGHT_HOURS) == hours(2)
    assert deadline(march(6, 16), hours(8), EIGHT_HOURS, [pause]) == march(9, 18)


def test_case_07_a_shorter_target_keeps_the_pause():
    pauses = [(march(2, 10), march(2, 15))]
    assert elapsed(march(2, 9), march(2, 15, 30), EIGHT_HOURS, pauses) == hours(1.5)
    assert deadline(march(2, 9), hours(4), EIGHT_HOURS, pauses) == march(2, 18)


def test_case_12_a_calendar_without_working_time_is_refused():
    for weekly, exceptions in (({}, {}), ({0: []}, {date(2026, 3, 2): []})):
        with pytest.raises(ValueError, match="needs working time"):
            WorkingCalendar("Asia/Shanghai", weekly, exceptions)


@pytest.mark.parametrize(
    ("start", "target", "due"),
    [
        (datetime(2026, 3, 7, 22, tzinfo=NEW_YORK), 6, "2026-03-08T05:00:00-04:00"),
        (datetime(2026, 10, 31, 23, tzinfo=NEW_YORK), 4, "2026-11-01T02:00:00-05:00"),
    ],
)
def test_case_24_natural_hours_are_real_hours_when_the_clocks_change(start, target, due):
    assert deadline(start, hours(target), ALWAYS).isoformat() == due


def test_case_25_working_windows_stay_on_the_wall_clock_when_the_clocks_change():
    due = deadline(datetime(2026, 3, 6, 16, tzinfo=NEW_YORK), hours(2), NINE_TO_FIVE)
    assert due.isoformat() == "2026-03-09T10:00:00-04:00"
    assert due == datetime(2026, 3, 9, 14, tzinfo=UTC)


def test_case_28_instants_are_compared_and_not_percentages():
    due = deadline(march(2, 9), hours(4), EIGHT_HOURS)
    assert elapsed(march(2, 9), due - TICK, EIGHT_HOURS) == hours(4) - TICK
    assert deadline(march(2, 9), hours(4) + TICK, EIGHT_HOURS) == march(2, 14) + TICK


def test_case_29_the_last_minutes_of_a_day_go_on_in_the_morning():
    assert deadline(march(2, 17, 40), 30 * MINUTE, EIGHT_HOURS) == march(3, 9, 10)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-01-31T10:00", "2026-02-28T10:00"),
        ("2028-01-31T10:00", "2028-02-29T10:00"),
        ("2026-08-31T10:00", "2026-09-30T10:00"),
    ],
)
@pytest.mark.parametrize("calendar", [ALWAYS, EIGHT_HOURS])
def test_case_31_a_month_ends_with_the_month_at_the_latest(calendar, start, due):
    begins, ends = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (start, due))
    assert deadline(begins, Months(1), calendar) == ends


def test_case_33_a_month_is_counted_on_the_wall_clock_of_the_zone():
    received, due = (datetime(2026, month, day, 0, 30, tzinfo=SHANGHAI) for month, day in ((8, 31), (9, 30)))
    assert deadline(received, Months(1), ALWAYS) == due
    assert deadline(received.astimezone(UTC), Months(1), EIGHT_HOURS) == due
    # Without a calendar there is no zone but that of the start.
    assert deadline(received.astimezone(UTC), Months(1), ALWAYS) == received.astimezone(UTC).replace(month=9, day=30)


@pytest.mark.parametrize("calendar", [ALWAYS, EIGHT_HOURS])
def test_case_34_a_pause_moves_the_end_of_a_month_by_its_real_length(calendar):
    pauses = [(march(10, 8), march(12, 10))]
    assert deadline(march(2, 9), Months(1), calendar, pauses) == deadline(march(2, 9), Months(1), calendar) + hours(50)


def test_case_35_three_quarters_of_a_month_are_three_quarters_of_its_real_time():
    month, start = Target(1, "calendar_month", "natural"), march(2, 9)
    due = month.due(start, EIGHT_HOURS)
    assert month.part_due(start, 75, EIGHT_HOURS) == start + (due - start) * 3 / 4
    february = start.replace(month=2, day=3)
    assert month.part_due(february, 75, EIGHT_HOURS) == february + timedelta(days=21)


@pytest.mark.parametrize(("month", "day", "length"), [(3, 8, 4), (11, 1, 6)])
def test_case_36_real_minutes_count_in_a_window_that_the_clocks_cut_or_stretch(month, day, length):
    nights = WorkingCalendar("America/New_York", {6: [(0, 300)]})
    midnight = datetime(2026, month, day, tzinfo=NEW_YORK)
    assert elapsed(midnight, midnight + timedelta(days=1), nights) == hours(length)
    assert deadline(midnight, hours(length), nights) == midnight.replace(hour=5)
