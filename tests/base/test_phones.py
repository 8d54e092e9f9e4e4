"""Phone numbers, however people write them and exchanges show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.phones import candidates, is_number, masked, normalised, numbers


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800000001", "13800000001"),
        ("138 0000 0001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("0086 13800000001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("013800000001", "13800000001"),
        ("１３８００００１００１", "13800001001"),
        ("138\u200b00000001\u202c", "13800000001"),
        ("010-12345678-801", "010-12345678-801"),
        ("（010）12345678 转 801", "010-12345678-801"),
        ("+86 10 0000 0101", "010-00000101"),
        ("86 10 00000101", "010-00000101"),
        ("01000000101", "010-00000101"),
        ("0755-1234567", "0755-1234567"),
        ("0755 1234567 分机 12", "0755-1234567-12"),
        ("4001234567", "400-123-4567"),
        ("400 123 4567", "400-123-4567"),
        ("95588", "95588"),
        ("+1 212 555 0100", "+12125550100"),
        ("", ""),
    ],
)
def test_one_number_is_kept_in_one_way(written, kept):
    assert normalised(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "13800000001 或 13900000002",
        "13800000001 13900000002",
        "13800000001/13900000002",
        "010-00000101 转 801 或 802",
        "微信 wang_88",
        "138 0000 0001（找王秘书）",
        "9,13900001001",
        "call me",
        "wang@example.com",
    ],
)
def test_what_is_not_one_number_stays_as_it_was_written(written):
    assert normalised(f" {written} ") == written


@given(st.text(alphabet="0123456789+-() ,/转x或号王（）\u200b", max_size=40))
def test_no_digit_is_lost_or_made_up_and_nothing_changes_a_second_time(text):
    kept = normalised(text)
    assert normalised(kept) == kept
    before, after = ("".join(filter(str.isdigit, each)) for each in (text, kept))
    assert before.endswith(after.lstrip("0"))


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        ("139 0000", ["1390000"]),
        ("+86 139", ["139"]),
        ("０１０-0000", ["0100000"]),
        ("86139", ["86139"]),
        ("舟", []),
        ("13", []),
        ("139x", []),
        ("013900001001", ["13900001001"]),
        ("86 10 00000101", ["1000000101"]),
        ("0086-10-00000101", ["1000000101"]),
        ("9,13900001001", ["13900001001"]),
        ("010-00000101转8", ["1000000101"]),
        ("（010）12345678 转 801", ["1012345678"]),
        ("13800000001 或 13900000002", ["13800000001", "13900000002"]),
        ("138 0000 0001（找王秘书）", ["13800000001"]),
        ("第3科室", []),
    ],
)
def test_what_is_typed_or_shown_is_sought_by_the_digits_that_all_ways_share(typed, sought):
    assert numbers(typed) == sought


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("013900001001", "13900001001"),
        ("9,13900001001", "13900001001"),
        ("010-00000101转8", "010-00000101"),
        ("010-00000101-8", "010-00000101-8"),
        ("86 10 00000101", "010-00000101"),
    ],
)
def test_the_kept_number_is_among_those_that_may_be_meant(shown, kept):
    assert kept in candidates(shown)


@pytest.mark.parametrize(("text", "answer"), [("010-1转8", True), ("9,139", True), ("139 王", False), ("", False)])
def test_a_number_has_digits_and_no_words(text, answer):
    assert is_number(text) is answer


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13800000001", "138****0001"), ("010-12345678-801", "************-801"), ("95588", "*****"), ("", "")],
)
def test_outsiders_see_a_masked_number(number, shown):
    assert masked(number) == shown
