"""Situations in which desks miscount, beside those that have a number (`tests.clock_cases`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla.arithmetic import ALWAYS, Months, WorkingCalendar, day_end, deadline, elapsed, explain, next_opening

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
EIGHT_HOURS = WorkingCalendar("Asia/Shanghai", {day: [(540, 720), (780, 1080)] for day in range(5)})
NINE_TO_FIVE = WorkingCalendar("America/New_York", {day: [(540, 1020)] for day in range(5)})


def march(day: int, hour: int, minute: int = 0) -> datetime:
    """March 2026 begins on a Sunday: the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_a_window_may_end_at_midnight():
    late_shift = WorkingCalendar("Asia/Shanghai", {0: [(1380, 1440)], 1: [(0, 60)]})
    assert deadline(march(2, 23, 30), hours(1), late_shift) == march(3, 0, 30)


def test_a_holiday_does_not_count():
    calendar = WorkingCalendar("Asia/Shanghai", EIGHT_HOURS.weekly, {date(2026, 3, 3): []})
    assert deadline(march(2, 17), hours(2), calendar) == march(4, 10)


def test_what_is_solved_out_of_a_pause_took_the_time_before_it():
    assert elapsed(march(2, 9), march(5, 11), EIGHT_HOURS, [(march(2, 10), march(5, 11))]) == hours(1)
    assert elapsed(march(2, 9), march(5, 11), EIGHT_HOURS, [(march(2, 10), None)]) == hours(1)


def test_a_running_pause_leaves_no_deadline_unless_it_came_too_late():
    running = [(march(2, 10), None)]
    assert deadline(march(2, 9), hours(4), EIGHT_HOURS, running) is None
    assert deadline(march(2, 9), Months(1), EIGHT_HOURS, running) is None
    assert deadline(march(2, 9), hours(1), EIGHT_HOURS, running) == march(2, 10)
    assert deadline(march(1, 9), Months(1), ALWAYS, [(datetime(2026, 4, 1, 9, tzinfo=SHANGHAI), None)]) == datetime(
        2026, 4, 1, 9, tzinfo=SHANGHAI
    )


@pytest.mark.parametrize(
    "windows",
    [
        [(600, 600)],
        [(700, 600)],
        [(-1, 60)],
        [(1380, 1441)],
        [(540, 720), (719, 800)],
        [(0, 1440), (5, 6)],
        [(540.5, 720)],
        [(False, 720)],
        [("540", "720")],
        [(540,)],
        [540, 720],
        "09",
        None,
    ],
)
def test_impossible_windows_are_refused(windows):
    with pytest.raises(ValueError, match="window"):
        WorkingCalendar("Asia/Shanghai", {0: windows})
    with pytest.raises(ValueError, match="window"):
        WorkingCalendar("Asia/Shanghai", {0: [(540, 1020)]}, {date(2026, 3, 2): windows})


def test_an_unknown_zone_or_weekday_is_refused():
    with pytest.raises(ValueError, match="unknown time zone"):
        WorkingCalendar("Asia/Atlantis", {0: [(540, 1020)]})
    for zone in (None, "", "../etc/passwd", "Asia", 8):
        with pytest.raises(ValueError, match=r"zone|ZoneInfo"):
            WorkingCalendar(zone, {0: [(540, 1020)]})
    for weekday in (7, -1, True, "0", 0.0):
        with pytest.raises(ValueError, match="weekdays"):
            WorkingCalendar("Asia/Shanghai", {weekday: [(540, 1020)]})
    for day in ("2026-10-01", march(2, 0), 5):
        with pytest.raises(ValueError, match="dates"):
            WorkingCalendar("Asia/Shanghai", {0: [(540, 1020)]}, {day: []})


def test_windows_may_be_tuples_or_lists_and_pauses_lists_and_exceptions_are_optional():
    listed = WorkingCalendar("Asia/Shanghai", {day: [[540, 720], [780, 1080]] for day in range(5)})
    pauses = [[march(2, 10), march(2, 15)]]
    assert deadline(march(2, 9), hours(4), listed, pauses) == march(2, 18)
    assert explain(march(2, 14), march(2, 16), listed, pauses) == [(march(2, 15), march(2, 16))]


def test_a_calendar_may_first_be_asked_centuries_away():
    weekly = {0: [(540, 1020)]}
    late = WorkingCalendar("Asia/Shanghai", weekly)
    early = WorkingCalendar("Asia/Shanghai", weekly)
    for calendar, first in ((late, 2300), (early, 1700)):
        deadline(datetime(first, 1, 1, tzinfo=UTC), hours(1), calendar)
        assert deadline(march(2, 9), hours(9), calendar) == march(9, 10)


def test_a_calendar_of_single_dates_ends_with_the_last():
    fair = WorkingCalendar("Asia/Shanghai", {}, {date(2026, 3, 2): [(540, 1020)], date(2026, 3, 9): [(540, 600)]})
    assert deadline(march(1, 9), hours(9), fair) == march(9, 10)
    assert elapsed(march(2, 16), datetime(2050, 1, 1, tzinfo=UTC), fair) == hours(2)
    with pytest.raises(OverflowError):
        deadline(march(1, 9), hours(9.1), fair)


def test_an_hour_that_comes_twice_counts_twice_and_one_that_is_skipped_not_at_all():
    half_past_one = WorkingCalendar("America/New_York", {6: [(60, 90)]})
    autumn = datetime(2026, 11, 1, tzinfo=NEW_YORK)
    assert elapsed(autumn, autumn + timedelta(days=1), half_past_one) == hours(1)
    half_past_two = WorkingCalendar("America/New_York", {6: [(150, 210)]})
    spring = datetime(2026, 3, 8, tzinfo=NEW_YORK)
    assert elapsed(spring, spring + timedelta(days=1), half_past_two) == timedelta(minutes=30)


def test_a_day_that_a_zone_leaves_out_does_not_count():
    apia = WorkingCalendar("Pacific/Apia", {day: [(0, 1440)] for day in range(7)})
    start = datetime(2011, 12, 29, tzinfo=ZoneInfo("Pacific/Apia"))
    assert elapsed(start, datetime(2011, 12, 31, tzinfo=ZoneInfo("Pacific/Apia")), apia) == hours(24)


def test_who_looks_from_another_zone_sees_the_same_instant():
    start = march(2, 17, 30)
    due = deadline(start, hours(4), EIGHT_HOURS)
    seen_from_new_york = deadline(start.astimezone(NEW_YORK), hours(4), EIGHT_HOURS)
    assert seen_from_new_york == due
    assert seen_from_new_york.tzinfo is NEW_YORK
    assert due.tzinfo is SHANGHAI


def test_instants_are_compared_to_the_microsecond():
    due = deadline(march(2, 9), hours(4), EIGHT_HOURS)
    tick = timedelta(microseconds=1)
    assert elapsed(march(2, 9), due - tick, EIGHT_HOURS) == hours(4) - tick
    odd = march(2, 9).replace(microsecond=999_999)
    assert deadline(odd, hours(4) + tick, EIGHT_HOURS) == march(2, 14) + timedelta(seconds=1)


def test_a_month_over_a_clock_change_keeps_the_time_of_day():
    due = deadline(datetime(2026, 2, 20, 9, tzinfo=NEW_YORK), Months(1), ALWAYS)
    assert due.isoformat() == "2026-03-20T09:00:00-04:00"
    skipped = deadline(datetime(2026, 2, 8, 2, 30, tzinfo=NEW_YORK), Months(1), ALWAYS)
    assert skipped.isoformat() == "2026-03-08T03:30:00-04:00"
    twice = deadline(datetime(2026, 10, 1, 1, 30, tzinfo=NEW_YORK), Months(1), ALWAYS)
    assert twice.isoformat() == "2026-11-01T01:30:00-04:00"


def test_a_pause_moves_the_end_of_a_month_by_its_length():
    start = march(2, 9)
    pauses = [(march(10, 8), march(12, 10))]
    assert deadline(start, Months(1), ALWAYS, pauses) == deadline(start, Months(1), ALWAYS) + hours(50)
    # Nights count in a month, so they count in its pauses too, whatever hours the calendar has.
    assert deadline(start, Months(1), EIGHT_HOURS, pauses) == deadline(start, Months(1), ALWAYS) + hours(50)
    after_the_end = [(start + timedelta(days=40), start + timedelta(days=41))]
    assert deadline(start, Months(1), ALWAYS, after_the_end) == deadline(start, Months(1), ALWAYS)


def test_the_counted_stretches_can_be_shown():
    pauses = [(march(2, 14), march(2, 15)), (march(2, 14, 30), march(2, 14, 45))]
    assert explain(march(2, 8), march(3, 10), EIGHT_HOURS, pauses) == [
        (march(2, 9), march(2, 12)),
        (march(2, 13), march(2, 14)),
        (march(2, 15), march(2, 18)),
        (march(3, 9), march(3, 10)),
    ]
    around_the_clock = WorkingCalendar("Asia/Shanghai", {day: [(0, 1440)] for day in range(7)})
    assert explain(march(2, 8), march(9, 8), around_the_clock) == [(march(2, 8), march(9, 8))]


def test_the_stretches_up_to_a_target_can_be_shown_without_knowing_its_deadline():
    pauses = [(march(2, 10), march(2, 11))]
    assert explain(march(2, 9), hours(3), EIGHT_HOURS, pauses) == [
        (march(2, 9), march(2, 10)),
        (march(2, 11), march(2, 12)),
        (march(2, 13), march(2, 14)),
    ]
    assert explain(march(2, 9), hours(3), EIGHT_HOURS, [(march(2, 10), None)]) == [(march(2, 9), march(2, 10))]
    assert explain(march(2, 9), Months(1), EIGHT_HOURS) == [(march(2, 9), march(2, 9).replace(month=4))]


def test_nothing_is_counted_backwards():
    assert elapsed(march(3, 9), march(2, 9), EIGHT_HOURS) == timedelta(0)
    assert explain(march(3, 9), march(2, 9), ALWAYS) == []


def test_no_target_is_due_at_once_and_a_negative_one_is_refused():
    assert deadline(march(1, 10), timedelta(0), EIGHT_HOURS, [(march(1, 9), None)]) == march(1, 10)
    with pytest.raises(ValueError, match="negative"):
        deadline(march(1, 10), hours(-1), ALWAYS)
    with pytest.raises(ValueError, match="negative"):
        Months(-1)
    for count in (True, 1.0, "1", None):
        with pytest.raises(ValueError, match="whole numbers"):
            Months(count)
    for target in (3600, 1.5, "1h", None):
        with pytest.raises(ValueError, match="timedelta or Months"):
            deadline(march(1, 10), target, ALWAYS)


def test_naive_times_and_turned_pauses_are_refused():
    naive = march(2, 9).replace(tzinfo=None)
    for call in (
        lambda: explain(march(2, 9), naive, EIGHT_HOURS),
        lambda: elapsed(date(2026, 3, 2), march(2, 9), EIGHT_HOURS),
        lambda: deadline(naive, hours(1), ALWAYS),
        lambda: elapsed(march(2, 9), naive, ALWAYS),
        lambda: deadline(march(2, 9), hours(1), ALWAYS, [(naive, None)]),
    ):
        with pytest.raises(ValueError, match="aware"):
            call()
    with pytest.raises(ValueError, match="end before it starts"):
        deadline(march(2, 9), hours(1), ALWAYS, [(march(2, 11), march(2, 10))])


def test_a_pause_over_the_repeated_hour_runs_forward():
    first = datetime(2026, 11, 1, 1, 50, tzinfo=NEW_YORK)
    pause = (first, first.replace(minute=10, fold=1))
    assert elapsed(first, first + hours(3), ALWAYS, [pause]) == hours(4) - timedelta(minutes=20)


def test_the_next_opening_is_now_while_people_work():
    assert next_opening(march(6, 17, 59), EIGHT_HOURS) == march(6, 17, 59)
    assert next_opening(march(6, 18), EIGHT_HOURS) == march(9, 9)
    assert next_opening(march(6, 12), EIGHT_HOURS) == march(6, 13)
    assert next_opening(march(7, 3), ALWAYS) == march(7, 3)


def test_a_working_day_is_that_of_the_longest_weekday():
    calendar = WorkingCalendar("Asia/Shanghai", {0: [(540, 720), (810, 1080)], 5: [(540, 720)]})
    assert calendar.minutes_of_a_day == 450
    assert EIGHT_HOURS.minutes_of_a_day == 480


def test_months_that_lead_beyond_all_dates_are_refused():
    with pytest.raises(OverflowError, match="year 9999"):
        deadline(datetime(9999, 12, 1, tzinfo=UTC), Months(1), ALWAYS)


def test_always_counts_every_instant_and_says_so():
    start = datetime(2026, 3, 1, tzinfo=UTC)
    assert explain(start, start + timedelta(hours=1), ALWAYS) == [(start, start + timedelta(hours=1))]
    assert list(ALWAYS.spans(1, 1)) == []
    assert repr(ALWAYS) == "ALWAYS"


def test_working_days_are_counted_with_both_ends():
    assert EIGHT_HOURS.working_days(date(2026, 3, 2), date(2026, 3, 9)) == 6
    assert EIGHT_HOURS.working_days(date(2026, 3, 7), date(2026, 3, 8)) == 0


@pytest.mark.parametrize(
    ("at", "end"),
    [
        (march(6, 9), march(6, 18)),
        (march(6, 7), march(6, 18)),
        (march(6, 12, 30), march(6, 18)),
        (march(6, 18), march(9, 18)),
        (march(7, 10), march(9, 18)),
    ],
)
def test_a_working_day_ends_with_its_last_window_and_after_it_the_next_one_counts(at, end):
    assert day_end(at, EIGHT_HOURS) == end
    assert day_end(at.astimezone(UTC), EIGHT_HOURS) == end


def test_a_window_that_ends_at_midnight_ends_the_day():
    assert day_end(march(2, 23, 30), WorkingCalendar("Asia/Shanghai", {0: [(1380, 1440)]})) == march(3, 0)


def test_a_calendar_without_more_work_has_no_end_of_a_day():
    with pytest.raises(OverflowError):
        day_end(march(6, 9), WorkingCalendar("Asia/Shanghai", {}, {date(2026, 3, 3): [(540, 1080)]}))
