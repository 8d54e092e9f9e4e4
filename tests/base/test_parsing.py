"""Numbers and moments out of addresses, where any text may stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.parsing import moment, number


@pytest.mark.parametrize("text", ["", "-1", "1.0", "²", "٣", "1\x00", " 1", "9" * 19, "9" * 5000])
def test_what_is_no_number_that_a_column_holds_is_none(text: str) -> None:
    assert number(text) is None


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_every_key_is_read_back(key: int) -> None:
    assert number(str(key)) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "2026-11-23",
        "2026-11-23T10:00",
        "2026-02-30T10:00Z",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:00-14:00",
    ],
)
def test_what_is_no_instant_is_none(text: str) -> None:
    assert moment(text) is None


def test_an_instant_is_read_in_its_zone() -> None:
    assert moment("2026-11-23T10:00+08:00") == datetime(2026, 11, 23, 2, tzinfo=UTC)
