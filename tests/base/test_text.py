"""The one form in which names and texts are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.text import fold, side_by_side

NAME = "买买提吐尔逊"


@pytest.mark.parametrize(
    "written",
    [
        "买买提·吐尔逊",
        "买买提・吐尔逊",
        "买买提･吐尔逊",
        "买买提．吐尔逊",
        "买买提‧吐尔逊",
        "买买提•吐尔逊",
        "买买提 · 吐尔逊",
        "买买提 吐尔逊",
        "买买提\u3000吐尔逊",
        "買買提·吐爾遜",
        "买买提\r\n吐尔逊",
        "买买提\u200b吐\ufeff尔\u00ad逊",
        "\u202e买买提吐尔逊\u202c",
        "买\ufe00买提吐尔逊",
    ],
)
def test_a_name_is_the_same_however_it_is_written(written):
    assert fold(written) == NAME


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＴＭ－０３１２", "atm-0312"),
        ("José García", "jose garcia"),
        ("Müller", "muller"),
        ("Ali·Khan", "ali khan"),
        ("STRASSE straße", "strasse strasse"),
        ("⽐⼀⽐", "比一比"),
        ("\U00020bb7野家", "\U00020bb7野家"),
        ("3.5 版本", "3.5 版本"),
        ("版本3.5", "版本3.5"),
        ("サーバー", "サーバー"),
        ("김철수", "김철수"),
    ],
)
def test_signs_are_made_plain(written, folded):
    assert fold(written) == folded


def test_a_part_of_a_text_folds_to_a_part_of_the_folded_text():
    """Phrases would be simplified otherwise than the words that people search them by."""
    for text in ("乾隆年間", "皇后以後", "一隻船隻", "發財與頭髮"):
        assert all(fold(character) in fold(text) for character in text)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_a_part_that_turns_the_direction_turns_itself_alone() -> None:
    assert side_by_side("电话", "", "唐若宁") == "电话 · 唐若宁"
    assert side_by_side("电话", "\u202e一页", "唐若宁") == "电话 · \u2068\u202e一页\u2069 · 唐若宁"
