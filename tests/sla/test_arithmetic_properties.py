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
    edges = draw(st.lists(st.integers(0, 1440), unique=True, min_size=2 * least, max_size=6).map(sorted))
    return [(edges[at], edges[at + 1]) for at in range(0, len(edges) - 1, 2)]


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


def running_after(start: datetime) -> st.SearchStrategy[list[tuple[datetime, datetime | None]]]:
    """Pauses of which some still run."""
    running = st.builds(lambda at: (start + at * MINUTE, None), st.integers(-600, 6000))
    return st.tuples(pauses_after(start), st.lists(running, min_size=1, max_size=2)).map(lambda both: both[0] + both[1])


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


def stretches_by_finger(calendar, start, end, pauses) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    minute = start
    while minute < end:
        if counts(calendar, minute) and not paused(pauses, minute):
            begin = found.pop()[0] if found and found[-1][1] == minute else minute
            found.append((begin, minute + MINUTE))
        minute += MINUTE
    return found


def month_by_finger(calendar: WorkingCalendar, start: datetime, months: int) -> datetime:
    """The first minute that shows the time of day on the same or the last day of the month.

    What the zone skips comes as much later as was skipped.
    """
    zone = ZoneInfo(calendar.timezone)
    local = start.astimezone(zone)
    day = local.date()
    for _ in range(months):
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    while (day + timedelta(days=1)).day != 1 and day.day < local.day:
        day += timedelta(days=1)
    wanted = datetime.combine(day, local.time())
    minute = wanted.replace(tzinfo=UTC) - timedelta(hours=15)
    while (shown := minute.astimezone(zone).replace(tzinfo=None)) < wanted:
        minute += MINUTE
    skipped = shown - (minute - MINUTE).astimezone(zone).replace(tzinfo=None) - MINUTE
    return minute + (wanted - shown + skipped if shown > wanted else timedelta(0))


@patient
@given(situations(), st.integers(0, 10_000))
def test_elapsed_is_what_the_fingers_count(situation, length):
    calendar, start, pauses = situation
    end = start + length * MINUTE
    expected = minutes_by_finger(calendar, start, end, pauses) * MINUTE
    assert elapsed(start, end, calendar, pauses) == expected
    stretches = explain(start, end, calendar, pauses)
    assert stretches == stretches_by_finger(calendar, start, end, pauses)
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
@given(st.data(), calendars(), starts, st.integers(1, 1500), st.integers(0, 6000))
def test_while_a_pause_runs_only_what_was_reached_before_it_has_a_deadline(data, calendar, start, target, length):
    pauses = data.draw(running_after(start))
    end = start + length * MINUTE
    counted = minutes_by_finger(calendar, start, end, pauses)
    assert elapsed(start, end, calendar, pauses) == counted * MINUTE
    due = deadline(start, target * MINUTE, calendar, pauses)
    # Beyond ten days every drawn pause has begun.
    reachable = minutes_by_finger(calendar, start, start + timedelta(days=10), pauses)
    assert (due is not None) == (reachable >= target)
    counted_stretches = explain(start, target * MINUTE, calendar, pauses)
    assert sum((stop - begin for begin, stop in counted_stretches), timedelta(0)) == min(reachable, target) * MINUTE


@patient
@given(situations(), st.integers(0, 40))
def test_a_month_is_counted_on_the_wall_clock_and_moved_by_real_pauses(situation, months):
    calendar, start, pauses = situation
    end = month_by_finger(calendar, start, months)
    assert deadline(start, Months(months), calendar) == end
    in_zone = start.astimezone(ZoneInfo(calendar.timezone))
    in_zone_end = deadline(in_zone, Months(months), ALWAYS)
    assert in_zone_end is not None
    # Python holds a local time that comes twice for equal to none of another zone.
    assert in_zone_end.astimezone(UTC) == end
    paused_end = deadline(start, Months(months), calendar, pauses)
    assert paused_end == deadline(start, end - start, ALWAYS, pauses)
    assert elapsed(start, paused_end, ALWAYS, pauses) == end - start


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


def test_the_month_oracle_knows_a_skipped_hour():
    santiago = WorkingCalendar("America/Santiago", {0: [(540, 1020)]})
    start = datetime(2026, 9, 5, 4, 30, tzinfo=UTC)
    assert start.astimezone(ZoneInfo("America/Santiago")).isoformat() == "2026-09-05T00:30:00-04:00"
    assert month_by_finger(santiago, start, 12) == datetime(2027, 9, 5, 4, 30, tzinfo=UTC)
    assert deadline(start, Months(12), santiago) == month_by_finger(santiago, start, 12)


def test_holidays_are_dates_of_the_calendars_zone():
    calendar = WorkingCalendar("Asia/Shanghai", {day: [(0, 1440)] for day in range(7)}, {date(2026, 3, 3): []})
    assert not counts(calendar, datetime(2026, 3, 2, 16, tzinfo=UTC))
    assert elapsed(FIRST - timedelta(days=2), FIRST, calendar) == timedelta(hours=24)
