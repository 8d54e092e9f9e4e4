"""One plan over all sheets says what each row would do, before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from accounts.actions import create_customer, create_department, end_department
from accounts.actors import SYSTEM, Actor
from accounts.models import Department, User
from ledger.models import Entry
from tests.workbook.books import FIRM, Sheets, book, carried_out, heading, mistakes, outcomes, planned, title

pytestmark = pytest.mark.django_db


def refused(sheets: Sheets, admin: Actor, change: Callable[[Workbook], object] | None = None) -> list[Any]:
    before = Entry.objects.count()
    found = mistakes(planned(book(sheets, change), admin))
    assert Entry.objects.count() == before
    return found


def test_an_empty_desk_takes_every_row_as_new(admin: Actor, firm_rows: Sheets) -> None:
    rows = planned(book(firm_rows), admin)
    assert mistakes(rows) == []
    assert outcomes(rows) == {"new": 10}
    contact = next(row for row in rows if row.sheet == "contacts")
    assert (contact.values["phone"], contact.values["may_confirm"]) == ("010-12345678-801", "yes")
    contract = next(row for row in rows if row.sheet == "contracts")
    assert (contract.values["starts_on"], contract.values["level1"]) == ("2026-01-01", "4:hour:natural")
    assert (contract.values["response"], contract.values["closure"]) == ("30:minute:working", "contact_confirmation")
    assert next(row for row in rows if row.sheet == "people").values["mobile"] == "13800000001"


def test_a_row_that_differs_is_changed_and_says_what_stood_before(admin: Actor) -> None:
    create_department(actor=admin, code="FIN1", name="金融业务部")
    [first, second] = planned(book({"departments": FIRM["departments"]}), admin)
    assert (first.outcome, first.before, second.outcome) == ("changed", {"name": "金融业务部"}, "new")


def test_a_column_that_is_left_out_stays_as_it_is(admin: Actor) -> None:
    create_department(actor=admin, code="FIN1", name="金融业务一部", name_en="Finance one", kind="business")
    assert outcomes(planned(book({"departments": FIRM["departments"][:1]}), admin)) == {"same": 1}


DEPARTMENTS, PEOPLE, GRANTS = FIRM["departments"], FIRM["people"], FIRM["grants"]
ONE, FIRST = DEPARTMENTS[:1], PEOPLE[0]
# What is typed into one row of an otherwise good workbook: sheet, changes, column, beginning of the sentence.
CELLS: list[tuple[str, dict[str, object], str, str]] = [
    ("departments", {"code": ""}, "code", "Fill this in."),
    ("departments", {"code": "ＦＩＮ１"}, "code", "“ＦＩＮ１” has full-width signs. Write “FIN1”."),
    ("departments", {"name": "x" * 101}, "name", "At most 100 characters."),
    ("departments", {"kind": "小组"}, "kind", "“小组” is none of these"),
    ("departments", {"name": "a\x7fb"}, "name", "The text holds control characters"),
    ("departments", {"ended_on": "2026-01-01"}, "ended_on", "A department is ended on its own page"),
    ("people", {"department": "NONE"}, "department", "Nothing has the key “NONE”."),
    ("people", {"department": "ＦＩＮ１"}, "department", "“ＦＩＮ１” is written otherwise than “FIN1”."),
    ("people", {"mobile": "1.38E+10"}, "mobile", "The spreadsheet has rounded this number."),
    ("people", {"mobile": "没有"}, "mobile", "“没有” is no phone number."),
    ("people", {"email": "zhang"}, "email", "“zhang” is no e-mail address."),
    ("people", {"username": "GULAN"}, "username", "LS-gulan is called so."),
    ("people", {"department": "=A1"}, "department", "A formula stands here."),
    ("grants", {"starts_on": "2026-02-30"}, "starts_on", "“2026-02-30” is no date"),
    ("grants", {"ends_on": "2025-12-31"}, "ends_on", "The end lies before the beginning."),
    ("grants", {"customer": ""}, "customer", "This role is held for a customer."),
    ("grants", {"person": "LS-gulan"}, "person", "Nobody changes the own roles."),
    ("contacts", {"left_on": "2099-01-01"}, "left_on", "This day lies ahead."),
    ("contacts", {"customer": "C02"}, "customer", "Nothing has the key “C02”."),
    ("contacts", {"more_emails": "min@example.com\nnobody"}, "more_emails", "“nobody” is no e-mail address."),
    ("contacts", {"more_phones": "13900000001\n12"}, "more_phones", "“12” is no phone number."),
    ("contacts", {"more_phones": "010/12345678"}, "more_phones", "“010/12345678” is no phone number."),
    ("contacts", {"more_phones": "13900000001 13900000002"}, "more_phones", "“13900000001 1390000…” is no phone"),
    ("contacts", {"more_phones": "min@example.com"}, "more_phones", "“min@example.com” is no phone number."),
    (
        "contacts",
        {"more_phones": "\n".join(f"1390000000{n}" for n in range(9)), "more_emails": "a@b.cn\nb@b.cn"},
        "more_phones",
        "Up to 10 numbers and addresses in all.",
    ),
    ("contracts", {"ends_on": "2025-12-31"}, "ends_on", "The end lies before the start."),
    ("contracts", {"level1": "四小时"}, "level1", "“四小时” is no time"),
    ("contracts", {"level1": "11 个年"}, "level1", "“11 个年” is no time"),
    ("contracts", {"first_warning": "50"}, "second_warning", "Give two rising shares"),
    ("contracts", {"first_warning": "100"}, "first_warning", "Write a whole number from 1 to 99."),
    ("contracts", {"calendar": "没有"}, "calendar", "Nothing has the key “没有”."),
    ("articles", {"categories": "no-leaf"}, "categories", "“no-leaf” is no category"),
    ("articles", {"reviewer": "LS-gulan"}, "reviewer", "You are the author"),
]


@pytest.mark.parametrize(("sheet", "typed", "column", "sentence"), CELLS, ids=lambda value: str(value)[:24])
def test_a_bad_cell_gets_its_row_column_and_sentence(
    admin: Actor, firm_rows: Sheets, sheet: str, typed: dict[str, object], column: str, sentence: str
) -> None:
    first, *others = firm_rows[sheet]
    found = refused({**firm_rows, sheet: [{**first, **typed}, *others]}, admin)
    assert (sheet, 2, column) in [each[:3] for each in found]
    assert any(each[:3] == (sheet, 2, column) and each[3].startswith(sentence) for each in found)


def test_codes_that_differ_by_full_width_only_are_refused(admin: Actor) -> None:
    two = [*ONE, {"code": "ｆｉｎ１", "name": "另一部"}]
    assert refused({"departments": two}, admin) == [
        ("departments", 3, "code", "“ｆｉｎ１” looks like “FIN1”. Write it the same, or choose another.")
    ]
    create_department(actor=admin, code="FIN1", name="金融业务一部")
    assert [each[:3] for each in refused({"departments": two[1:]}, admin)] == [("departments", 2, "code")]


def test_a_row_that_comes_twice_names_the_first(admin: Actor) -> None:
    two = [*ONE, {"code": "FIN1", "name": "另一部"}]
    assert refused({"departments": two}, admin) == [("departments", 3, "code", "Row 2 is the same. Delete one.")]


def test_a_name_that_another_has_is_refused_within_the_file_and_against_the_desk(admin: Actor) -> None:
    rows = [{"code": "C01", "name": "远山基金", "department": "BOARD"}, {"code": "C02", "name": "远山基金"}]
    found = refused({"customers": [rows[0], {**rows[1], "department": "BOARD"}]}, admin)
    assert found == [("customers", 3, "name", "C01 is called so. Choose another name.")]
    create_customer(actor=admin, code="K9", name="远山基金", department=Department.objects.get())
    assert refused({"customers": rows[:1]}, admin) == [
        ("customers", 2, "name", "K9 is called so. Choose another name.")
    ]


def test_an_ended_department_takes_nobody(admin: Actor) -> None:
    made = create_department(actor=admin, code="OLD", name="旧部门")
    end_department(made, actor=admin, version=None)
    found = refused({"people": [{**FIRST, "department": "OLD"}]}, admin)
    assert found[0][:3] == ("people", 2, "department")
    assert found[0][3].startswith("OLD ends on")


def test_whoever_comes_back_needs_a_department_that_goes_on(admin: Actor) -> None:
    carried_out(book({"departments": ONE, "people": [{**FIRST, "is_active": "否"}]}), admin)
    end_department(Department.objects.get(code="FIN1"), actor=admin, version=None)
    back = [{**FIRST, "is_active": ""}]
    assert [each[:3] for each in refused({"people": back}, admin)] == [("people", 2, "department")]
    assert refused({"departments": [{**ONE[0], "ended_on": ""}], "people": back}, admin) == []


def test_two_holders_of_one_role_are_refused(admin: Actor, firm_rows: Sheets) -> None:
    second = {**GRANTS[0], "person": "A2"}
    found = refused({**firm_rows, "grants": [*GRANTS, second]}, admin)
    assert [each[:3] for each in found] == [("grants", 4, "person")]
    assert "A1 holds this role" in found[0][3]


AWAY = {
    "person": "A1",
    "deputy": "A2",
    "role": "服务台",
    "starts_at": "2026-12-01 09:00",
    "ends_at": "2026-12-05 18:00",
    "reason": "休假",
}


def test_deputies_who_count_on_each_other_are_refused(admin: Actor, firm_rows: Sheets) -> None:
    back = {**AWAY, "person": "A2", "deputy": "A1", "role": "部门负责人"}
    found = refused({**firm_rows, "deputies": [AWAY, back]}, admin)
    assert found == [("deputies", 3, "deputy", "A1 is away at that time and counts on A2. Choose another deputy.")]


def test_nobody_names_himself_as_deputy(admin: Actor, firm_rows: Sheets) -> None:
    assert admin.user is not None
    own = {**AWAY, "deputy": admin.user.employee_number}
    found = refused({**firm_rows, "deputies": [own]}, admin)
    assert found == [("deputies", 2, "deputy", "Nobody names himself as deputy. Ask another administrator.")]


def test_a_year_of_long_ago_is_told_at_its_cell(admin: Actor, firm_rows: Sheets) -> None:
    rows = refused({**firm_rows, "deputies": [{**AWAY, "ends_at": "0206-08-03 09:00"}]}, admin)
    assert [row[:3] for row in rows] == [("deputies", 2, "ends_at")]


def test_contracts_that_overlap_are_refused_until_both_are_meant(admin: Actor, firm_rows: Sheets) -> None:
    first = {**firm_rows["contracts"][0], "overlap_accepted": ""}
    second = {**first, "number": "HT-2", "starts_on": "2027-01-01"}
    found = refused({**firm_rows, "contracts": [first, second]}, admin)
    assert [each[:3] for each in found] == [("contracts", 3, "overlap_accepted")]
    assert refused({**firm_rows, "contracts": [first, {**second, "overlap_accepted": "是"}]}, admin) == []


FIXED: list[tuple[str, dict[str, object], str, str]] = [
    ("departments", {"ended_on": "2026-12-31"}, "ended_on", "A department is ended on its own page"),
    ("people", {"username": "other"}, "username", "The name to sign in with stays as it is."),
    ("grants", {"reason": "另一理由"}, "reason", "The reason of a role"),
    ("contacts", {"customer": "C09"}, "customer", "A contact stays with the customer."),
    ("contracts", {"customer": "C09"}, "customer", "A contract stays with the customer."),
    ("articles", {"title": "另一标题"}, "code", "This number has an article that only its own page changes."),
]


@pytest.mark.parametrize(("sheet", "typed", "column", "sentence"), FIXED, ids=lambda value: str(value)[:24])
def test_what_cannot_change_any_more_says_where_to_go(
    admin: Actor, firm_rows: Sheets, sheet: str, typed: dict[str, object], column: str, sentence: str
) -> None:
    carried_out(book(firm_rows), admin)
    create_customer(actor=admin, code="C09", name="另一客户", department=Department.objects.get(code="FIN1"))
    [*found] = refused({sheet: [{**firm_rows[sheet][0], **typed}]}, admin)
    assert [each[:3] for each in found] == [(sheet, 2, column)]
    assert found[0][3].startswith(sentence)


def test_a_role_may_be_made_shorter_and_never_longer(admin: Actor, firm_rows: Sheets) -> None:
    carried_out(book(firm_rows), admin)
    row = {**GRANTS[0], "ends_on": "2026-12-31"}
    assert outcomes(planned(book({"grants": [row]}), admin)) == {"changed": 1}
    carried_out(book({"grants": [row]}), admin)
    longer = refused({"grants": [{**row, "ends_on": "2027-12-31"}]}, admin)
    assert longer[0][2:] == ("ends_on", "This role ends on 2026-12-31. Give it anew from the day after.")


def test_two_rows_of_headings_are_told_apart(admin: Actor) -> None:
    again = {"code": heading("departments", "code"), "name": heading("departments", "name")}
    found = refused({"departments": [*ONE, again]}, admin)
    assert found == [("departments", 3, "", "This row repeats the headings. Delete it.")]


def test_merged_cells_and_hidden_rows_are_named(admin: Actor) -> None:
    def change(made: Workbook) -> None:
        sheet = made[title("departments")]
        sheet.merge_cells("A3:B3")
        sheet.row_dimensions[2].hidden = True

    assert [each[:2] + each[3:] for each in refused({"departments": DEPARTMENTS}, admin, change)] == [
        ("departments", 2, "This row is hidden. Show it or delete it."),
        ("departments", 3, "The cells A3:B3 are merged. Split them, and fill each."),
        ("departments", 3, "Fill this in."),
    ]


def test_sheets_and_headings_that_are_none_of_ours_are_named(admin: Actor) -> None:
    def change(made: Workbook) -> None:
        made.create_sheet("Sheet9").append(["x"])
        made[title("departments")]["D1"] = "电话号"
        made[title("departments")]["E1"] = heading("departments", "code")

    found = refused({"departments": ONE}, admin, change)
    assert found[0][3].startswith("No sheet of the workbook is called so.")
    assert [each[:2] for each in found[1:]] == [("departments", 1)] * 2
    assert "Column D has the heading “电话号”" in found[1][3]
    assert "stands here twice" in found[2][3]


def test_a_heading_that_is_missing_is_named(admin: Actor) -> None:
    found = refused({"departments": [{"code": "FIN1"}]}, admin)
    assert ("departments", 1, "", "These headings are missing: Name.") in found


def test_samples_and_empty_rows_are_skipped(admin: Actor) -> None:
    def change(made: Workbook) -> None:
        sheet = made[title("departments")]
        sheet.insert_cols(1)
        sheet["A1"], sheet["A2"] = "标记", "示例"
        sheet["B9"], sheet["C9"] = "FIN9", "九部"

    rows = planned(book({"departments": ONE}, change), admin)
    assert [(row.row, row.outcome) for row in rows] == [(9, "new")]


def test_a_cell_that_was_mended_counts_as_typed(admin: Actor) -> None:
    bad = [{"code": "FIN1", "name": "金融业务一部", "kind": "小组"}]
    mends = {"departments": {"2": {"kind": "业务部"}}}
    assert mistakes(planned(book({"departments": bad}), admin)) != []
    assert outcomes(planned(book({"departments": bad}), admin, **mends)) == {"new": 1}


def test_what_stands_already_is_never_refused(admin: Actor) -> None:
    user = User.objects.get()
    User.objects.filter(pk=user.pk).update(mobile="总机转")
    row = {"employee_number": user.employee_number, "username": user.username, "name": user.name}
    assert outcomes(planned(book({"people": [{**row, "department": "BOARD", "mobile": "总机转"}]}), admin)) == {
        "same": 1
    }


def test_the_system_reads_as_well(admin: Actor, firm_rows: Sheets) -> None:
    assert outcomes(planned(book({"departments": DEPARTMENTS}), SYSTEM)) == {"new": 2}
