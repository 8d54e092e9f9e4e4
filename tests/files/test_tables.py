"""The cell writer and the files that it fills: nothing in them is ever run as a formula."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from files.tables import Column, Table, csv_lines, plain, xlsx

STARTS = "=+-@\t＝＋－＠"
AT = datetime(2026, 11, 23, 6, 5, 40, tzinfo=UTC)


def table(*rows: list[Any], notes: tuple[str, ...] = ()) -> Table:
    return Table("记录", [Column("编号"), Column("时间")], rows, notes)


@pytest.mark.parametrize("start", STARTS)
def test_what_begins_a_formula_becomes_text(start: str) -> None:
    assert plain(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x0b", "\x85"])
def test_every_line_of_a_value_is_looked_at(end: str) -> None:
    assert plain(f"好{end}=1+1") == "好\n'=1+1"


@pytest.mark.parametrize("kept", ["", "对账单漏装一页", "1-2", "a=b", "13900002001", "《通知》＝", "🎉𠮷"])
def test_other_texts_stay_as_they_are(kept: str) -> None:
    assert plain(kept) == kept


@given(st.text())
def test_no_line_ever_begins_a_formula(text: str) -> None:
    assert not [line for line in plain(text).split("\n") if line.startswith(tuple(STARTS))]


@given(st.text(max_size=60))
def test_any_text_goes_into_both_files(text: str) -> None:
    made = table([text, None])
    [row] = list(csv.reader(StringIO("".join(csv_lines(made)), newline="")))[1:]
    assert row[0] == plain(text)
    sheet = load_workbook(BytesIO(xlsx(made))).worksheets[0]
    assert (sheet["A2"].value or "").replace("\r", "") == plain(text) or sheet["A2"].data_type != "f"


def test_a_workbook_holds_dates_as_dates_and_numbers_of_phones_as_text() -> None:
    sheet = load_workbook(BytesIO(xlsx(table(["13900002001", AT], ["=cmd|' /C calc'!A0", date(2026, 11, 23)]))))
    rows = sheet.worksheets[0]
    assert [cell.value for cell in rows[1]] == ["编号", "时间"]
    assert (rows["A2"].value, rows["A2"].data_type) == ("13900002001", "s")
    assert (rows["B2"].value.isoformat(), rows["B2"].is_date) == ("2026-11-23T14:05:00", True)
    assert (rows["A3"].value, rows["A3"].data_type) == ("'=cmd|' /C calc'!A0", "s")
    assert rows["B3"].value.date() == date(2026, 11, 23)


def test_csv_says_that_it_is_utf_8_and_gives_times_on_the_wall_clock() -> None:
    text = "".join(csv_lines(table(["记,录", AT], notes=("=内部",))))
    assert text.startswith("\ufeff")
    assert list(csv.reader(StringIO(text[1:]))) == [["编号", "时间"], ["记,录", "2026-11-23 14:05"], ["'=内部"]]


def test_notes_of_a_workbook_stand_on_a_sheet_of_their_own() -> None:
    sheets = load_workbook(BytesIO(xlsx(table(["x", None], notes=("内部",))))).worksheets
    assert (sheets[0].max_row, sheets[1]["A1"].value) == (2, "内部")
