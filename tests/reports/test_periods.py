"""Months are those of the wall clock in China."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.periods import Month, Period

# A busy machine is no fault of the test.
patient = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
months = st.builds(Month, st.integers(2000, 2200), st.integers(1, 12))


@pytest.mark.parametrize(
    ("at", "month"),
    [
        ("2026-10-31T15:59:59.999999+00:00", Month(2026, 10)),
        ("2026-10-31T16:00:00+00:00", Month(2026, 11)),
        ("2026-12-31T16:00:00+00:00", Month(2027, 1)),
        ("2026-11-01T00:00:00+08:00", Month(2026, 11)),
    ],
)
def test_a_month_begins_at_midnight_in_china(at: str, month: Month) -> None:
    assert Month.of(datetime.fromisoformat(at)) == month


@patient
@given(months, st.integers(-400, 400))
def test_months_follow_one_another(month: Month, steps: int) -> None:
    assert month.later(steps).later(-steps) == month
    assert month.later(1).start > month.start
    assert Month.of(month.later(1).start - timedelta(microseconds=1)) == month


@patient
@given(months, st.integers(0, 60))
def test_a_period_is_its_months_without_gap(first: Month, more: int) -> None:
    period = Period(first, first.later(more))
    found = list(period)
    assert len(found) == len(period) == more + 1
    assert (found[0].start, found[-1].later(1).start) == (period.start, period.end)
    assert all(one.later(1) == other for one, other in pairwise(found))


def test_the_usual_period_ends_with_the_present_month() -> None:
    assert Period.usual(datetime(2026, 1, 31, 16, tzinfo=UTC)) == Period(Month(2025, 9), Month(2026, 2))


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before"):
        Period(Month(2026, 2), Month(2026, 1))
