"""How a rate is said."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.figures import Rate

# A busy machine is no fault of the test.
patient = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
rates = st.integers(0, 100_000).flatmap(lambda most: st.builds(Rate, st.integers(0, most), st.just(most)))


@pytest.mark.parametrize(
    ("rate", "words", "percent"),
    [
        (Rate(0, 0), "–", None),
        (Rate(0, 3), "0%", 0.0),
        (Rate(3, 3), "100%", 100.0),
        (Rate(16, 18), "88.9%", 88.89),
        (Rate(9_999, 10_000), "99.9%", 99.99),
        (Rate(1, 10_000), "0.1%", 0.01),
    ],
)
def test_a_rate_in_words_and_in_percent(rate: Rate, words: str, percent: float | None) -> None:
    assert (rate.words, rate.percent) == (words, percent)


@patient
@given(rates)
def test_only_all_is_a_hundred_and_only_none_is_nothing(rate: Rate) -> None:
    assert (rate.words == "100%") == (rate.denominator > 0 and rate.missed == 0)
    assert (rate.words == "0%") == (rate.denominator > 0 and rate.numerator == 0)


@patient
@given(rates, rates)
def test_rates_add_by_what_they_count(one: Rate, other: Rate) -> None:
    assert (one + other).denominator == one.denominator + other.denominator
    assert (one + other).missed == one.missed + other.missed
