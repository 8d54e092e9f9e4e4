"""Holidays from files: what people and data sets write, and what is wrong with the rest."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.hours import parse_windows
from sla.models import CalendarDay
from sla.wording import windows_typed
from sla.year_files import MOST_BYTES, MOST_ROWS, CalendarEntry, decoded, parse_date, read_year

OFF, MAKE_UP = CalendarDay.Kind.DAY_OFF, CalendarDay.Kind.MAKE_UP
NEW_YEAR = CalendarEntry(date(2027, 1, 1), OFF, "元旦")
SUNDAY = CalendarEntry(date(2027, 1, 3), MAKE_UP, "元旦调休")
PUBLISHED = [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
    {"name": "元旦调休", "date": "2027-01-03", "isOffDay": False},
]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(PUBLISHED),
        json.dumps({"year": 2027, "papers": [], "days": PUBLISHED}),
        "date,name,isOffDay\n2027-1-1,元旦,true\n2027-01-03,元旦调休,false\n",
        "日期;名称;是否放假\n2027/1/1;元旦;是\n\n2027/1/3;元旦调休;否\n",
        "名称\t日期\t类型\n元旦\t2027年1月1日\t休\n元旦调休\t2027年1月3日\t班",
    ],
)
def test_the_forms_in_which_a_year_comes_say_the_same(text):
    read = read_year(text, 2027)
    assert (read.entries, read.errors) == ([NEW_YEAR, SUNDAY], [])


def test_gb18030_and_a_byte_order_mark_are_read():
    text = "日期,名称,是否放假\n2027-1-1,元旦,是\n"
    assert decoded(text.encode("gb18030")) == decoded(text.encode("utf-8-sig")) == text


def test_what_is_no_text_and_what_is_too_big_is_refused():
    for content in (b"\xff\xff\xff\xff", b"x" * (MOST_BYTES + 1)):
        with pytest.raises(ValueError, match="file"):
            decoded(content)
    assert read_year("a\x00b", 2027).errors[0].row == 0


def test_every_wrong_row_is_named_and_no_other():
    rows = "2027-02-30,没有这天,是\n2027-3-1,好,也许\n2027-3-2,好,是\n2027-3-2,又一次,是\n2027-3-3," + "长" * 61 + ",是"
    read = read_year(f"日期,名称,是否放假\n{rows}\n", 2027)
    assert [error.row for error in read.errors] == [2, 3, 5, 6]
    assert [entry.date.day for entry in read.entries] == [2]


@pytest.mark.parametrize(
    "text",
    ["", "[", "{}", '{"days": 3}', "[1]", '[{"date": 1}]', "[" * 5000, "a,b\n1,2", "[]", '"', "date,isOffDay\n\n"],
)
def test_a_file_that_is_no_year_says_why(text):
    assert read_year(text, 2027).errors


def test_a_file_with_more_rows_than_a_year_has_is_refused():
    rows = "\n".join(["2027-1-1,元旦,是"] * (MOST_ROWS + 1))
    [error] = read_year(f"日期,名称,是否放假\n{rows}\n", 2027).errors
    assert str(MOST_ROWS) in error.sentence


def test_a_day_at_the_turn_of_the_year_keeps_its_date():
    days = [*PUBLISHED, {"name": "元旦", "date": "2026-12-31", "isOffDay": True}]
    read = read_year(json.dumps(days), 2027)
    assert [entry.date.year for entry in read.entries] == [2027, 2027, 2026]
    assert not read.errors


@pytest.mark.parametrize("day", ["2026-11-30", "2028-02-01", "2025-12-31", "0001-01-01", "9999-12-31"])
def test_a_day_of_a_year_that_is_not_loaded_is_an_error_of_its_row(day):
    read = read_year(json.dumps([*PUBLISHED, {"name": "?", "date": day, "isOffDay": True}]), 2027)
    assert [error.row for error in read.errors] == [3]


@pytest.mark.parametrize("said", [2026, "2026", "x" * 500, None])
def test_a_file_that_says_another_year_is_refused(said):
    assert [error.row for error in read_year(json.dumps({"year": said, "days": PUBLISHED}), 2027).errors] == [0]


@pytest.mark.parametrize("word", ["调休", "调", " 调休 "])
def test_a_word_that_may_mean_either_is_asked_for(word):
    read = read_year(f"日期,名称,是否放假\n2027-1-1,元旦,是\n2027-1-4,元旦,{word}\n", 2027)
    assert [error.row for error in read.errors] == [3]
    assert "放假" in read.errors[0].sentence


def test_a_make_up_day_in_the_week_is_questioned():
    read = read_year("日期,名称,是否放假\n2027-1-1,元旦,是\n2027-1-3,补班,否\n2027-1-4,补班,否\n", 2027)
    assert (read.errors, [question.row for question in read.questions]) == ([], [4])


@pytest.mark.parametrize("text", ["2027-01-01 00:00:00", "2027/1/1 0:00", "2027-01-01T00:00:00"])
def test_a_date_that_a_spreadsheet_wrote_with_its_midnight_is_read(text):
    assert parse_date(text) == date(2027, 1, 1)


def test_another_time_of_the_day_is_no_date():
    with pytest.raises(ValueError, match="no date"):
        parse_date("2027-01-01 08:00:00")


@pytest.mark.parametrize("text", ["2012-3-8", "2012/3/8", "2012年3月8日", "2012-03-08", "２０１２-３-８"])
def test_dates_as_people_write_them(text):
    assert parse_date(text) == date(2012, 3, 8)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_no_text_brings_the_reader_down(text):
    read = read_year(text, 2027)
    assert read.errors or read.entries


windows = st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).map(
    lambda moments: list(zip(sorted(moments)[::2], sorted(moments)[1::2], strict=False))
)


@given(windows)
def test_hours_as_they_are_shown_are_read_back(day):
    assert parse_windows(windows_typed(day)) == day


@pytest.mark.parametrize(
    "text",
    ["09:00-12:00, 13:30-18:00", "13:30－18:00；9:00～12:00", "9至12 13:30到18", "０９：００—１２：００、13:30–18:00"],
)
def test_hours_as_people_type_them(text):
    assert parse_windows(text) == [(540, 720), (810, 1080)]


@pytest.mark.parametrize("text", ["9", "12:00-9:00", "09:00-25:00", "09:60-10:00", "9-12, 11-13", "abc", "9-10 " * 13])
def test_hours_that_cannot_be_are_refused_with_what_to_write(text):
    with pytest.raises(ValueError, match=r"\."):
        parse_windows(text)


def test_a_day_may_end_at_midnight():
    assert parse_windows("0-24") == [(0, 1440)]


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud800"])
@pytest.mark.parametrize("column", ["name", "date"])
def test_signs_that_are_none_are_refused_in_their_row(sign, column):
    row = {"name": "元旦", "date": "2027-01-01", "isOffDay": True} | {column: "SIGN"}
    read = read_year(json.dumps([row]).replace("SIGN", sign), 2027)
    assert (read.entries, [error.row for error in read.errors]) == ([], [1])
    assert read.errors[0].sentence.encode()
