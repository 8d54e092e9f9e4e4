"""The workbook is the export of what stands, says how it is meant, and comes back without a change."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from accounts.actors import SYSTEM, Actor
from accounts.models import Contact, User
from ledger.models import Entry
from sla.models import Calendar, Contract
from tests.workbook.books import FIRM, Sheets, book, carried_out, exported, heading, outcomes, planned, title
from workbook.sheets import SHEETS

pytestmark = pytest.mark.django_db


def test_it_has_drop_downs_from_a_hidden_sheet_samples_and_texts(admin: Actor) -> None:
    made = load_workbook(exported(admin))
    assert made.sheetnames == ["说明", *(title(key) for key in SHEETS), "lists"]
    assert made["lists"].sheet_state == "hidden"
    people = made[title("people")]
    offered = {str(each.sqref).split("2")[0]: each.formula1 for each in people.data_validations.dataValidation}
    places = {cell.value: cell.column_letter for cell in people[1]}
    assert offered[places[heading("people", "department")]] == "'部门'!$B$2:$B$20000"
    assert offered[places[heading("people", "is_active")]].startswith("lists!")
    assert [cell.value for cell in people[2]][:3] == ["示例", "A001", "zhangxm"]
    assert people[f"{places[heading('people', 'mobile')]}2"].number_format == "@"
    assert people[f"{places[heading('people', 'mobile')]}2"].value == "13800000001"


def test_a_text_that_looks_like_a_formula_stays_a_text(admin: Actor) -> None:
    user = User.objects.get()
    User.objects.filter(pk=user.pk).update(title="=1+1")
    stream = exported(admin)
    column = next(cell.column for cell in load_workbook(stream)[title("people")][1] if cell.value == "职务")
    assert load_workbook(stream)[title("people")].cell(3, column).data_type == "s"
    assert outcomes(planned(stream, admin)) == {"same": len(planned(stream, admin))}


def test_what_no_spreadsheet_can_hold_keeps_nobody_from_the_export(admin: Actor, firm_rows: Sheets) -> None:
    assert carried_out(book(firm_rows), admin).state == "applied"
    Contract.objects.update(name="年度\x0b服务\x1f合同")
    Calendar.objects.update(name='=WEBSERVICE("http://c01.example")')
    found = load_workbook(exported(admin))
    cells = [cell for sheet in found for row in sheet.iter_rows() for cell in row]
    assert "年度\n服务合同" in {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}


def test_every_sample_would_be_taken_for_what_it_is(admin: Actor) -> None:
    """Each value of a sample is one that its column reads back."""
    for sheet in SHEETS.values():
        for key, value in sheet.sample.items():
            column = sheet.column(key)
            assert column.read(column.shown(value)) == value, (sheet.key, key)


def test_the_commands_say_what_the_page_says(admin: Actor, firm_rows: Sheets, tmp_path: Any, capsys: Any) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(book(firm_rows).getvalue())
    call_command("import_workbook", str(file))
    assert "People: New 2, Changed 0, The same 0, Refused 0" in capsys.readouterr().out
    assert not Contact.objects.exists()
    call_command("import_workbook", str(file), "--apply")
    assert "Carried out" in capsys.readouterr().out
    assert Contact.objects.get().code == "C01-P1"
    call_command("export_workbook", str(tmp_path / "b.xlsx"))
    assert set(outcomes(planned(BytesIO((tmp_path / "b.xlsx").read_bytes()), SYSTEM))) == {"same"}
    assert Entry.objects.filter(action="export_workbook").count() == 1


def test_the_command_ends_with_what_is_wrong(admin: Actor, tmp_path: Any, capsys: Any) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(book({"people": [{**FIRM["people"][0], "department": "NONE"}]}).getvalue())
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_workbook", str(file), "--apply")
    assert "People, row 2: Department: Nothing has the key “NONE”." in capsys.readouterr().out
    with pytest.raises(CommandError, match="--account"):
        call_command("import_workbook", str(file), "--account", "nobody")
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(CommandError, match="Choose a workbook"):
        call_command("import_workbook", str(tmp_path / "a.txt"))
