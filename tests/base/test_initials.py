"""By which letters a name is found."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from base.initials import MOST_READINGS, letters_of


def test_a_name_is_found_by_its_first_letters_and_by_its_syllables() -> None:
    assert {"cya", "chenyuan"} <= set(letters_of("陈予安").split())


def test_a_family_name_that_is_read_in_several_ways_is_found_by_each() -> None:
    assert {"zxw", "cxw"} <= set(letters_of("曾祥文").split())


@given(st.text(max_size=60))
def test_letters_are_small_few_and_never_fail(name: str) -> None:
    found = letters_of(name)
    assert found == found.lower()
    assert len(found.split()) <= 2 * MOST_READINGS + 2 * len(name)


def test_the_table_of_phrases_is_not_read_which_would_fill_the_memory_of_every_process() -> None:
    assert letters_of("陈予安").startswith("chenyuan")
    assert "pypinyin.phrases_dict" not in sys.modules
