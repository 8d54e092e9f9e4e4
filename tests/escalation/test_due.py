"""What is due of a clock, decided from its row and the time alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from escalation.due import CUSTOMER_CLOCKS, LATE, Due, due_of
from escalation.models import HeldWarning
from sla.models import Clock

START = datetime(2026, 11, 23, 2, tzinfo=UTC)
HOURS = 100
KINDS = (*CUSTOMER_CLOCKS, "relay", "handover", "decision", "countersign")
percents = st.integers(1, 130)


@st.composite
def clocks(draw: st.DrawFn) -> Clock:
    """One that runs by natural time, so that a percent of it is an hour."""
    return Clock(
        kind=draw(st.sampled_from(KINDS)),
        target={"value": HOURS, "unit": "hour", "clock": "natural"},
        started_at=START,
        due_at=START + timedelta(hours=HOURS),
        thresholds=draw(st.lists(percents, unique=True, max_size=4)),
        checked=draw(st.integers(0, 130)),
        cycle=draw(st.integers(1, 2)),
        trend_percent=draw(st.none() | st.integers(1, 99)),
        trend_cycle=draw(st.integers(0, 2)),
        cancelled_at=draw(st.none() | st.just(START)),
    )


held_messages = st.none() | st.builds(
    HeldWarning, threshold=percents, cycle=st.integers(1, 2), held_until=st.just(START + timedelta(hours=50))
)
moments = st.integers(0, 60 * 140).map(lambda minutes: START + timedelta(minutes=minutes))
# By day, at night until an opening, or never at rest.
openings = st.none() | st.integers(1, 20).map(lambda hours: timedelta(hours=hours))


@given(clocks(), moments, st.booleans(), held_messages, openings)
def test_what_is_due_follows_from_the_row(
    clock: Clock, at: datetime, has_ended: bool, held: HeldWarning | None, rest: timedelta | None
) -> None:
    due = due_of(clock, at, has_ended=has_ended, held=held, quiet_until=lambda moment: rest and moment + rest)
    passed = (at - START) / timedelta(hours=1)
    expected = [each for each in sorted(clock.thresholds) if clock.checked < each <= passed and clock.is_running]
    assert [percent for percent, _moment in due.reached] == expected
    if due.held_until is None:
        is_told(clock, due, has_ended=has_ended, held=held)
    else:
        is_kept(clock, due, held, at + (rest or timedelta()))


def is_told(clock: Clock, due: Due, *, has_ended: bool, held: HeldWarning | None) -> None:
    """Nothing of a record that has ended; a warning to the customer's clocks, a reminder to all others."""
    timed = clock.kind in CUSTOMER_CLOCKS
    assert due.warns == (timed and bool(due.reached) and not has_ended)
    assert due.reminds == (not timed and bool(due.reached) and not has_ended)
    assert due.holds is None
    assert not (due.forecast and has_ended)
    goes_out = held is not None and (due.warns or due.forecast is not None)
    assert (due.outcome is not None) == goes_out
    assert not due.is_late or due.warns


def is_kept(clock: Clock, due: Due, held: HeldWarning | None, opening: datetime) -> None:
    """Only what customers and heads hear by their clocks waits, and only while something is due; nothing goes out."""
    assert clock.kind in CUSTOMER_CLOCKS
    assert due.held_until == opening
    assert due.forecast is None
    assert not any([due.warns, due.reminds, due.is_late])
    if due.holds is None:
        assert held is not None
        assert (held.cycle, due.outcome) == (clock.cycle, None)
    else:
        assert (due.outcome is None) == (held is None)


def overdue(**changes: object) -> Clock:
    usual = {"kind": "resolution", "target": {"value": HOURS, "unit": "hour", "clock": "natural"}, "cycle": 1}
    times = {"started_at": START, "due_at": START + timedelta(hours=HOURS), "thresholds": [75, 90, 100]}
    return Clock(**usual | times | changes)


def late(minutes: int, held: HeldWarning | None = None) -> bool:
    at = START + timedelta(hours=75, minutes=minutes)
    return due_of(overdue(), at, has_ended=False, held=held, quiet_until=lambda _moment: None).is_late


@given(st.integers(0, 14 * 60))
def test_it_is_late_when_it_goes_out_well_after_it_was_reached(minutes: int) -> None:
    assert late(minutes) == (timedelta(minutes=minutes) > LATE)


@given(st.integers(0, 14 * 60), st.integers(0, 14 * 60))
def test_what_was_held_is_late_only_after_the_opening(minutes: int, opening: int) -> None:
    until = START + timedelta(hours=75, minutes=opening)
    held = HeldWarning(threshold=75, cycle=1, held_until=until)
    assert late(minutes, held) == (timedelta(minutes=minutes - opening) > LATE)
    overtaken = HeldWarning(threshold=75, cycle=2, held_until=until)
    assert late(minutes, overtaken) == late(minutes)


def test_the_same_message_is_kept_once() -> None:
    at, opening = START + timedelta(hours=76), START + timedelta(hours=80)
    first = due_of(overdue(), at, has_ended=False, held=None, quiet_until=lambda _moment: opening)
    assert (first.holds, first.held_until) == ((75, START + timedelta(hours=75)), opening)
    held = HeldWarning(threshold=75, cycle=1, held_until=opening)
    again = due_of(overdue(), at, has_ended=False, held=held, quiet_until=lambda _moment: opening)
    assert (again.holds, again.held_until, again.outcome) == (None, opening, None)
    retargeted = due_of(overdue(cycle=2), at, has_ended=False, held=held, quiet_until=lambda _moment: opening)
    assert retargeted.outcome == HeldWarning.Outcome.RETARGETED
