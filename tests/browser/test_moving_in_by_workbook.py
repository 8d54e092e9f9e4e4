"""A firm moves in by the workbook: three mistakes are found before anything is written, and then it is all there."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.models import Contact, Customer, Department, RoleGrant, User
from incidents.models import Declaration
from sla.models import Contract
from tests.browser.people import Office
from tests.browser.test_moving_in import CALLERS_NUMBER, PASSWORD, Mover, logs, opened, sets_password
from tests.workbook.books import Sheets, columns_of, heading, saved, title
from workbook.actions import carry_on_imports

pytestmark = pytest.mark.browser

UNITS = {"OPS": "运营一部", "OPS2": "运营二部", "RISK": "内控合规部"}
STAFF = ("卢清越", "方舟", "季南星", "宋怡", "程默", "邵怀瑾", "宁远", "戴云舟", "石磊", "吴珏", "齐云", "何川", "顾城")
CUSTOMERS = [f"K{number:02}" for number in range(1, 9)]
DESK = "N05"


def firm() -> Sheets:
    """Three departments, thirteen people, eight customers with two contacts each but one, and a contract each."""
    people = [
        {
            "employee_number": f"N{number:02}",
            "username": f"staff{number}",
            "name": name,
            "department": list(UNITS)[number % 3],
        }
        for number, name in enumerate(STAFF, 1)
    ]
    role = {"starts_on": "2026-01-01", "reason": "任命"}
    grants = [
        {"person": "N01", "role": "部门负责人", "department": "OPS", **role},
        {"person": "N02", "role": "部门负责人", "department": "OPS2", **role},
        *({"person": DESK, "role": "服务台", "customer": code, **role} for code in CUSTOMERS),
    ]
    contacts = [
        {
            "code": f"{code}-P{number}",
            "customer": code,
            "name": f"联系人{code}{number}",
            "mobile": CALLERS_NUMBER if (code, number) == ("K01", 1) else f"1385555{code[1:]}0{number}",
            "may_confirm": "是",
        }
        for code in CUSTOMERS
        for number in (1, 2)
    ][:15]
    return {
        "departments": [{"code": code, "name": name} for code, name in UNITS.items()],
        "people": people,
        "customers": [{"code": code, "name": f"{code} 信托有限公司", "department": "OPS"} for code in CUSTOMERS],
        "grants": grants,
        "contacts": contacts,
        "contracts": [
            {
                "number": f"HT-{code}",
                "customer": code,
                "name": "账户运营服务",
                "starts_on": "2026-01-01",
                "ends_on": "2028-12-31",
            }
            for code in CUSTOMERS
        ],
    }


def filled(downloaded: Path, rows: Sheets) -> BytesIO:
    """The workbook that was downloaded, filled in below what stands in it."""
    made = load_workbook(BytesIO(downloaded.read_bytes()))
    for key, some in rows.items():
        sheet = made[title(key)]
        places = {cell.value: cell.column for cell in sheet[1]}
        for number, row in enumerate(some, sheet.max_row + 1):
            for column in columns_of(some):
                sheet.cell(number, places[heading(key, column)], row.get(column))
    return saved(made)


def with_mistakes(rows: Sheets) -> Sheets:
    """A code that no department has, 30 February, and one contract twice."""
    customers, grants, contracts = (list(rows[key]) for key in ("customers", "grants", "contracts"))
    customers[1] = {**customers[1], "department": "OPS9"}
    grants[0] = {**grants[0], "starts_on": "2026-02-30"}
    contracts[2] = {**contracts[2], "number": "HT-K01"}
    return {**rows, "customers": customers, "grants": grants, "contracts": contracts}


def hands_in(mover: Mover, stream: BytesIO) -> None:
    mover.goes("/settings/setup/workbook/")
    file = {"name": "上线工作簿.xlsx", "mimeType": "application/octet-stream", "buffer": stream.getvalue()}
    mover.page.set_input_files("[name=file]", file)
    mover.pages += 1
    with mover.page.expect_navigation():
        mover.page.click("form.settings-form .btn-primary")
    mover.page.wait_for_selector("#import-progress")
    works(mover)


def works(mover: Mover) -> None:
    """The job does its part, and the page that asks again and again shows what came of it."""
    carry_on_imports()
    mover.page.wait_for_selector("#import-progress", state="detached")


def downloads(mover: Mover) -> Path:
    mover.goes("/settings/setup/")
    mover.page.click("a[href$='/setup/workbook/']")
    with mover.page.expect_download() as download:
        mover.page.click("a[href$='/workbook/file/']")
    return Path(download.value.path())


def mends(mover: Mover, sentence: str, **values: str) -> None:
    """Mend the row that says so in the page."""
    line = mover.page.locator("li.setup-finding", has_text=sentence)
    mover.pages += 1
    with mover.page.expect_navigation():
        line.locator("a.btn").click()
    for name, value in values.items():
        mover.page.fill(f"[name={name}]", value)
    mover.pages += 1
    with mover.page.expect_navigation():
        mover.page.click("form.settings-form .btn-primary")
    works(mover)


def test_a_firm_moves_in_by_the_workbook_and_takes_its_first_call(empty_office: Office, record_property: Any) -> None:
    office = empty_office
    office.password = PASSWORD
    mover = opened(office)
    hands_in(mover, filled(downloads(mover), with_mistakes(firm())))
    assert "未通过 3" in mover.reads("#import-totals")
    assert not Customer.objects.exists()
    mends(mover, "没有编码为“OPS9”的记录", department="OPS")
    mends(mover, "“2026-02-30”不是日期", starts_on="2026-01-01")
    mends(mover, "与第", number="HT-K03")
    assert "未通过 0" in mover.reads("#import-totals")
    mover.pages += 1
    with mover.page.expect_navigation():
        mover.page.click("form[action$='/apply/'] .btn-primary")
    works(mover)
    assert "已执行" in mover.reads("#import-totals")
    made = (Department, User, Customer, Contact, Contract, RoleGrant)
    assert [model.objects.count() for model in made] == [4, 14, 8, 15, 8, 11]
    record_property("pages sent", mover.pages)
    sets_password(mover, User.objects.get(username="staff5").pk)
    number = logs(office.newcomer("staff5"))
    assert Declaration.objects.get(number=number).customer.code == "K01"
