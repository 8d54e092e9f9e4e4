"""The arithmetic against counting on one's fingers, minute by minute, for calendars and pauses of any kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.arithmetic import ALWAYS, Months, WorkingCalendar, deadline, elapsed, explain

# Several suites share the machine of a build: how long an example takes says nothing.
patient = settings(deadline=None, max_examples=60)

MINUTE = timedelta(minutes=1)
# Days around both clock changes, in zones that change at night, at midnight, by half an hour, or never.
FIRST = datetime(2026, 3, 4, tzinfo=UTC)
ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Kathmandu",
]
MOMENTS = [FIRST, *(datetime(2026, month, day, tzinfo=UTC) for month, day in ((4, 2), (9, 4), (10, 29)))]
DAYS = [moment.date() + timedelta(days=day) for moment in MOMENTS for day in range(9)]


@st.composite
def windows(draw: st.DrawFn, least: int = 0) -> list[tuple[int, int]]:
    edges = draw(st.lists(st.integers(0, 48), unique=True, min_size=2 * least, max_size=6).map(sorted))
    return [(edges[at] * 30, edges[at + 1] * 30) for at in range(0, len(edges) - 1, 2)]


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    weekly = {weekday: draw(windows()) for weekday in range(6)} | {6: draw(windows(least=1))}
    days = draw(st.lists(st.sampled_from(DAYS)))
    return WorkingCalendar(draw(st.sampled_from(ZONES)), weekly, {day: draw(windows()) for day in days})


starts = st.builds(lambda moment, minute: moment + minute * MINUTE, st.sampled_from(MOMENTS), st.integers(0, 4320))


def pauses_after(start: datetime) -> st.SearchStrategy[list[tuple[datetime, datetime | None]]]:
    pause = st.builds(
        lambda at, length: (start + at * MINUTE, start + (at + length) * MINUTE),
        st.integers(-600, 6000),
        st.integers(0, 3000),
    )
    return st.lists(pause, max_size=4)


@st.composite
def situations(draw: st.DrawFn):
    start = draw(starts)
    return draw(calendars()), start, draw(pauses_after(start))


def counts(calendar: WorkingCalendar, minute: datetime) -> bool:
    local = minute.astimezone(ZoneInfo(calendar.timezone))
    day = calendar.exceptions.get(local.date(), calendar.weekly[local.weekday()])
    shown = local.hour * 60 + local.minute
    return any(opening <= shown < closing for opening, closing in day)


def paused(pauses, minute: datetime) -> bool:
    return any(start <= minute and (end is None or minute < end) for start, end in pauses)


def minutes_by_finger(calendar, start, end, pauses) -> int:
    number = 0
    minute = start
    while minute < end:
        number += counts(calendar, minute) and not paused(pauses, minute)
        minute += MINUTE
    return number


@patient
@given(situations(), st.integers(0, 10_000))
def test_elapsed_is_what_the_fingers_count(situation, length):
    calendar, start, pauses = situation
    end = start + length * MINUTE
    expected = minutes_by_finger(calendar, start, end, pauses) * MINUTE
    assert elapsed(start, end, calendar, pauses) == expected
    stretches = explain(start, end, calendar, pauses)
    assert sum((stop - begin for begin, stop in stretches), timedelta(0)) == expected
    assert all(before[1] < after[0] for before, after in pairwise(stretches))


@patient
@given(situations(), st.integers(1, 1500))
def test_a_deadline_is_the_first_instant_at_which_the_fingers_reach_the_target(situation, target):
    calendar, start, pauses = situation
    due = deadline(start, target * MINUTE, calendar, pauses)
    if due > start + timedelta(days=14):  # too far for fingers; the next property covers it
        return
    assert minutes_by_finger(calendar, start, due, pauses) == target
    assert counts(calendar, due - MINUTE)
    assert not paused(pauses, due - MINUTE)


@patient
@given(situations(), st.integers(1, 10**12))
def test_deadline_and_elapsed_agree_to_the_microsecond(situation, microseconds):
    calendar, start, pauses = situation
    target = timedelta(microseconds=microseconds)
    due = deadline(start, target, calendar, pauses)
    assert elapsed(start, due, calendar, pauses) == target
    assert elapsed(start, due - timedelta(microseconds=1), calendar, pauses) < target


@patient
@given(situations(), st.data(), st.sampled_from([30 * MINUTE, timedelta(hours=9), timedelta(days=5), Months(1)]))
def test_one_more_pause_never_brings_a_deadline_forward(situation, data, target):
    calendar, start, pauses = situation
    more = data.draw(pauses_after(start))
    for counted in (calendar, ALWAYS):
        assert deadline(start, target, counted, pauses + more) >= deadline(start, target, counted, pauses)


@patient
@given(situations(), st.sets(st.integers(0, 12)), st.integers(1, 3000))
def test_more_holidays_never_shorten_a_deadline(situation, holidays, target):
    calendar, start, pauses = situation
    off = {start.date() + timedelta(days=day): [] for day in holidays}
    fewer = WorkingCalendar(calendar.timezone, calendar.weekly, {**calendar.exceptions, **off})
    assert deadline(start, target * MINUTE, fewer, pauses) >= deadline(start, target * MINUTE, calendar, pauses)


@patient
@given(situations(), st.floats(0, 1), st.sampled_from([timedelta(hours=9), Months(1)]))
def test_splitting_or_repeating_a_pause_changes_nothing(situation, share, target):
    calendar, start, pauses = situation
    halves = []
    for begin, end in pauses:
        middle = begin + share * (end - begin)
        halves += [(middle, end), (begin, middle), (begin, middle)]
    assert deadline(start, target, calendar, halves) == deadline(start, target, calendar, pauses)
    assert elapsed(start, start + timedelta(days=4), calendar, halves) == elapsed(
        start, start + timedelta(days=4), calendar, pauses
    )


@settings(deadline=None, max_examples=15)
@given(calendars(), st.integers(2010, 2040), st.integers(2010, 2040))
def test_the_order_in_which_years_are_asked_for_does_not_matter(calendar, first_year, second_year):
    first, second = (datetime(year, 5, 4, 3, tzinfo=UTC) for year in (first_year, second_year))
    fresh = WorkingCalendar(calendar.timezone, calendar.weekly, calendar.exceptions)
    target = timedelta(hours=30)
    deadline(first, target, calendar)
    assert deadline(second, target, calendar) == deadline(second, target, fresh)
    assert deadline(first, target, calendar) == deadline(first, target, fresh)
    assert elapsed(first, second, calendar) == elapsed(first, second, fresh)


def test_holidays_are_dates_of_the_calendars_zone():
    calendar = WorkingCalendar("Asia/Shanghai", {day: [(0, 1440)] for day in range(7)}, {date(2026, 3, 3): []})
    assert not counts(calendar, datetime(2026, 3, 2, 16, tzinfo=UTC))
    assert elapsed(FIRST - timedelta(days=2), FIRST, calendar) == timedelta(hours=24)
