"""Workbooks for the tests, written as people fill them in."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from accounts.actors import Actor
from workbook.actions import apply, carry_on, upload
from workbook.models import Import
from workbook.planning import Planned, plan
from workbook.reading import read
from workbook.sheets import SHEETS
from workbook.writing import write_export

Cells = Mapping[str, object]
Sheets = Mapping[str, Sequence[Cells]]
FIRM: Sheets = {
    "departments": [{"code": "FIN1", "name": "金融业务一部"}, {"code": "QA", "name": "质量部", "kind": "服务推进组"}],
    "people": [
        {"employee_number": "A1", "username": "zhang", "name": "张晓明", "department": "FIN1", "mobile": 13800000001},
        {"employee_number": "A2", "username": "li", "name": "李思", "department": "FIN1"},
    ],
    "customers": [{"code": "C01", "name": "远山基金", "department": "FIN1"}],
    "grants": [
        {"person": "A1", "role": "服务台", "customer": "C01", "starts_on": "2026/1/1", "reason": "任命"},
        {"person": "A2", "role": "部门负责人", "department": "FIN1", "starts_on": "2026-1-1", "reason": "任命"},
    ],
    "contacts": [
        {"code": "C01-P1", "customer": "C01", "name": "王敏", "phone": "（010）1234 5678 转 801", "may_confirm": "是"}
    ],
    "contracts": [
        {
            "number": "HT-1",
            "customer": "C01",
            "name": "运营外包",
            "starts_on": "2026年1月1日",
            "ends_on": "2027-12-31",
            "service_scope": "账户运营\n对账单",
            "level1": "4 小时",
            "response": "30 工作分钟",
        }
    ],
    "articles": [
        {
            "code": "KB-1",
            "title": "补发对账单",
            "categories": "{leaf}",
            "symptom": "未收到",
            "solution_steps": "核对\n补发",
            "reviewer": "A2",
        }
    ],
}


def heading(sheet: str, column: str) -> str:
    with override("zh-hans"):
        return str(SHEETS[sheet].column(column).heading)


def title(sheet: str) -> str:
    with override("zh-hans"):
        return str(SHEETS[sheet].title)


def book(sheets: Sheets, change: Callable[[Workbook], object] | None = None) -> BytesIO:
    """A workbook with these rows under Chinese headings; `change` does to it what a person might."""
    made = Workbook()
    made.remove(made.active)
    for key, rows in sheets.items():
        sheet = made.create_sheet(title(key))
        columns = columns_of(rows)
        sheet.append([heading(key, column) for column in columns])
        for row in rows:
            sheet.append([row.get(column) for column in columns])
    if change is not None:
        change(made)
    return saved(made)


def columns_of(rows: Iterable[Cells]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row))


def saved(made: Workbook) -> BytesIO:
    stream = BytesIO()
    made.save(stream)
    stream.seek(0)
    return stream


def text(key: str, rows: Sequence[Cells], encoding: str = "utf-8") -> BytesIO:
    """One sheet as CSV."""
    held, columns = StringIO(), columns_of(rows)
    writer = csv.writer(held)
    writer.writerow([heading(key, column) for column in columns])
    writer.writerows([[row.get(column) for column in columns] for row in rows])
    return BytesIO(held.getvalue().encode(encoding))


def planned(stream: BytesIO, actor: Actor, name: str = "a.xlsx", **mends: Any) -> list[Planned]:
    return list(plan(read(stream, name), actor, mends))


def mistakes(rows: Iterable[Planned]) -> list[tuple[str, int, str, str]]:
    """Sheet, row, column and sentence of everything that is wrong."""
    return [(row.sheet, row.row, column, sentence) for row in rows for column, sentence in row.mistakes]


def outcomes(rows: Iterable[Planned]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row.outcome] = found.get(row.outcome, 0) + 1
    return found


def handed_in(stream: BytesIO, actor: Actor, name: str = "上线工作簿.xlsx") -> Import:
    """The import of a file with its plan made."""
    made = upload(stream, name, actor=actor)
    carry_on(made.pk)
    return Import.objects.get(pk=made.pk)


def carried_out(stream: BytesIO, actor: Actor) -> Import:
    found = handed_in(stream, actor)
    assert found.state == Import.State.PLANNED, found.remark
    apply(found.pk, found.digest, actor=actor, version=found.version)
    carry_on(found.pk)
    return Import.objects.get(pk=found.pk)


def exported(actor: Actor, language: str = "zh-hans") -> BytesIO:
    """The workbook of what stands."""
    stream = BytesIO()
    with override(language):
        write_export(stream, actor)
    stream.seek(0)
    return stream


def cells(stream: BytesIO) -> dict[str, list[list[object]]]:
    """Every value of every cell."""
    read_back = load_workbook(stream)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in read_back}
