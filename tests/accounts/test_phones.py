"""Phone numbers, however people write them."""

from __future__ import annotations

import pytest

from accounts.phones import digits, masked, normalised


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800000001", "13800000001"),
        ("138 0000 0001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("0086 13800000001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("１３８００００１００１", "13800001001"),
        ("010-12345678-801", "010-12345678-801"),
        ("（010）12345678 转 801", "010-12345678-801"),
        ("+86 10 0000 0101", "010-00000101"),
        ("01000000101", "010-00000101"),
        ("0755-1234567", "0755-1234567"),
        ("0755 1234567 分机 12", "0755-1234567-12"),
        ("4001234567", "400-123-4567"),
        ("400 123 4567", "400-123-4567"),
        ("95588", "95588"),
        ("+1 212 555 0100", "+12125550100"),
        ("", ""),
        ("call me", ""),
    ],
)
def test_a_number_is_kept_in_one_way(written, kept):
    assert normalised(written) == kept


@pytest.mark.parametrize("number", ["13800000001", "010-12345678-801", "400-123-4567", "95588", "0755-1234567"])
def test_a_kept_number_is_written_the_same_when_kept_again(number):
    assert normalised(number) == number


@pytest.mark.parametrize(
    ("typed", "sought"),
    [("139 0000", "1390000"), ("+86 139", "139"), ("０１０-0000", "0100000"), ("86139", "86139"), ("舟", "")],
)
def test_what_is_typed_is_sought_by_its_digits(typed, sought):
    assert digits(typed) == sought


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13800000001", "138****0001"), ("010-12345678-801", "************-801"), ("95588", "*****"), ("", "")],
)
def test_outsiders_see_a_masked_number(number, shown):
    assert masked(number) == shown
