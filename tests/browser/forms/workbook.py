"""The forms of the moving-in workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Department
from tests.browser.forms import Form
from tests.firm import ADMINISTRATOR, staff
from tests.workbook import books
from workbook.models import Import


def rows(kind: str) -> books.Sheets:
    """Departments of new codes, so that each import has something to do; the last one of that kind."""
    count = Department.objects.count() + Import.objects.count()
    good = {"code": f"W{count}", "name": f"第{count}工作部", "kind": ""}
    return {"departments": [good, {"code": f"V{count}", "name": f"第{count}后备部", "kind": kind}]}


def handed_in(kind: str = "小组") -> Import:
    return books.handed_in(books.book(rows(kind)), staff(ADMINISTRATOR))


def planned() -> str:
    return reverse("workbook-import", args=[handed_in("").pk])


def wrong() -> str:
    found = handed_in()
    row = found.rows.get(outcome="refused")
    return reverse("workbook-mend", args=[found.pk, row.sheet, row.row])


def file() -> dict[str, Any]:
    return {"file": SimpleUploadedFile("上线工作簿.xlsx", books.book(rows("")).getvalue())}


def forms() -> Iterator[Form]:
    yield Form("workbook/page.html", "workbook", ADMINISTRATOR, lambda: reverse("workbook"), file)
    yield Form("workbook/_step.html", "step", ADMINISTRATOR, planned)
    yield Form("workbook/mend.html", "mend", ADMINISTRATOR, wrong, lambda: {"kind": "业务部"})
