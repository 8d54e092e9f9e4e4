"""How a forecast is judged."""

from __future__ import annotations

import pytest

from sla.backtest import Trial, brier, calibration, plain_alarms, plain_brier, trend_alarms

TRIALS = [
    Trial(100, True, 40, ((25, 0.3), (50, 0.7), (75, 0.9))),
    Trial(60, False, 40, ((25, 0.3), (50, 0.7))),
    Trial(30, False, 40, ((25, 0.3),)),
    Trial(80, False, None, ((25, 0.1), (50, 0.1), (75, 0.1))),
    Trial(100, True, None, ((25, 0.1), (50, 0.1), (75, 0.1))),
]


def test_a_warning_counts_if_it_comes_before_the_end():
    trend, plain = trend_alarms(TRIALS), plain_alarms(TRIALS)
    assert (trend.right, trend.false, trend.unwarned) == (1, 1, 1)
    assert (trend.precision, trend.recall) == (0.5, 0.5)
    assert (plain.right, plain.false, plain.unwarned) == (2, 1, 0)
    assert plain.precision == pytest.approx(2 / 3)


def test_without_warnings_or_misses_there_is_no_share():
    none = trend_alarms([Trial(10, False, None, ())])
    assert (none.precision, none.recall, brier([]), calibration([])) == (None, None, None, [])


def test_the_squared_error_of_every_forecast_counts():
    assert brier([Trial(100, True, None, ((25, 0.5), (50, 1.0)))]) == pytest.approx(0.125)
    assert plain_brier([Trial(100, True, None, ((50, 0.5), (75, 0.5)))]) == pytest.approx(0.5)


def test_calibration_sets_what_was_forecast_beside_what_happened():
    low, second, fourth, high = calibration(TRIALS)
    assert (low.count, low.forecast, low.happened) == (6, pytest.approx(0.1), pytest.approx(0.5))
    assert (second.count, second.happened) == (3, pytest.approx(1 / 3))
    assert (fourth.low, fourth.high, fourth.count, fourth.happened) == (0.6, 0.8, 2, 0.5)
    assert (high.count, high.happened) == (1, 1.0)
