"""The table of the figures as Excel and CSV: the same numbers, for the same readers, written down as taken out."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from ledger.models import Entry
from tests.firm import CHEN_HEAD, FENG_AUDITOR, GAO_MANAGEMENT, HE_RISK, LIU_DESK, ZHENG_CUSTODIAN, client_of
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
PERIOD = "since=2026-10&until=2026-11"
HEADS = ["月份", "解决及时率", "已解决", "按时解决", "超时解决", "超时未解决"]
WHOLE = ["合计", "100%", 1, 1, 0, 0, "100%", 1, 1, 0, "100%", 1, 1, 0]


@pytest.fixture
def head(scene: Scene) -> Client:
    scene.resolved()
    browser = client_of(CHEN_HEAD, HTTP_ACCEPT_LANGUAGE="zh-hans")
    return browser


def test_the_workbook_holds_the_table_with_chinese_heads(head: Client) -> None:
    response = head.get(f"/reports/table/xlsx/?{PERIOD}")
    assert response["Content-Disposition"] == 'attachment; filename="figures-20261123-1000.xlsx"'
    sheet, notes = load_workbook(BytesIO(response.content)).worksheets
    heads, october, november, total = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert heads[:6] == HEADS
    assert october[:6] == ["2026-10", "–", 0, 0, 0, 0]
    assert (november[0], november[1:], total) == ("2026-11", WHOLE[1:], WHOLE)
    assert "陈予安" in str(notes["A1"].value)


def test_the_csv_file_holds_the_same(head: Client) -> None:
    body = head.get(f"/reports/table/csv/?{PERIOD}").content.decode()
    assert body.startswith("\ufeff")
    rows = list(csv.reader(StringIO(body.removeprefix("\ufeff"))))
    assert (rows[0][:6], rows[3]) == (HEADS, [str(cell) for cell in WHOLE])


@pytest.mark.parametrize("by", ["department", "customer", "level"])
def test_every_division_is_exported(head: Client, by: str) -> None:
    rows = list(csv.reader(StringIO(head.get(f"/reports/table/csv/?by={by}").content.decode())))
    assert rows[2][1:] == [str(cell) for cell in WHOLE[1:]]


def test_an_export_is_written_down(head: Client) -> None:
    head.get(f"/reports/table/csv/?{PERIOD}")
    entry = Entry.objects.filter(stream="exports:2026-11-23").latest("sequence")
    assert (entry.action, entry.clause) == ("export_figures", "7")


@pytest.mark.parametrize(
    ("reader", "status"),
    [(LIU_DESK, 200), (FENG_AUDITOR, 200), (GAO_MANAGEMENT, 200), (ZHENG_CUSTODIAN, 403), (HE_RISK, 403)],
)
def test_the_readers_of_the_page_export(scene: Scene, reader: str, status: int) -> None:
    browser = client_of(reader)
    assert browser.get("/reports/table/xlsx/").status_code == status


def test_what_cannot_be_asked_leads_to_the_page(head: Client) -> None:
    assert head.get("/reports/table/pdf/").status_code == 404
    response = head.get("/reports/table/xlsx/?since=never")
    assert (response.status_code, response.url) == (302, "/reports/?since=never")
