"""The pages of the workbook: handed in, looked at, mended, carried out, taken back."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.actors import Actor
from accounts.models import Customer, Department, User
from tests import small_firm
from tests.firm import sign_in
from tests.workbook.books import FIRM, Sheets, book, cells, heading, title
from workbook.actions import carry_on_imports
from workbook.models import Import
from workbook.progress import at_work

pytestmark = pytest.mark.django_db
PAGE = "/settings/setup/workbook/"


@pytest.fixture
def office(admin: Actor, client: Client) -> Client:
    assert admin.user is not None
    sign_in(client, admin.user)
    return client


def uploaded(office: Client, stream: BytesIO, name: str = "上线工作簿.xlsx") -> str:
    """The address of the page of the import, with its plan made."""
    stream.name = name
    answer = office.post(PAGE, {"file": stream})
    assert answer.status_code == 302, answer.content.decode()
    carry_on_imports()
    return str(answer.headers["Location"])


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def posted(office: Client, address: str, step: str) -> Any:
    found = Import.objects.get()
    return office.post(f"{address}{step}/", {"version": found.version, "digest": found.digest})


def test_a_firm_is_handed_in_looked_at_and_carried_out(office: Client, firm_rows: Sheets) -> None:
    address = uploaded(office, book(firm_rows))
    shown = text_of(office.get(address))
    assert "10 new, 0 changed, 0 the same, 0 refused" in shown
    assert "Carry out exactly this plan" in shown
    assert posted(office, address, "apply").status_code == 302
    assert "Being carried out" in text_of(office.get(address))
    carry_on_imports()
    shown = text_of(office.get(address))
    assert "Carried out" in shown
    assert "Take all of it back" in shown
    assert Customer.objects.get().name == "远山基金"
    posted(office, address, "undo")
    carry_on_imports()
    assert "Taken back" in text_of(office.get(address))
    assert not Customer.objects.get().in_service_scope


def test_the_export_is_a_workbook_that_comes_back_the_same(office: Client) -> None:
    answer = office.get(f"{PAGE}file/")
    address = uploaded(office, BytesIO(b"".join(answer.streaming_content)))
    assert "0 new, 0 changed" in text_of(office.get(address))


def test_a_bad_row_is_mended_in_the_page(office: Client) -> None:
    bad = [*FIRM["departments"], {"code": "OPS", "name": "运营部", "kind": "小组"}]
    address = uploaded(office, book({"departments": bad}))
    shown = text_of(office.get(address))
    assert "“小组” is none of these" in shown
    assert "Carry out exactly this plan" not in shown
    row = Import.objects.get().rows.get(outcome="refused")
    form = office.get(f"{address}rows/{row.sheet}/{row.row}/")
    assert "“小组” is none of these" in text_of(form)
    typed = {**form.context["form"].initial, "kind": "业务部", "version": Import.objects.get().version}
    assert office.post(f"{address}rows/{row.sheet}/{row.row}/", typed).status_code == 302
    carry_on_imports()
    assert "3 new, 0 changed, 0 the same, 0 refused" in text_of(office.get(address))
    posted(office, address, "apply")
    carry_on_imports()
    assert Department.objects.get(code="OPS").kind == "business"


def test_a_formula_is_mended_like_any_cell(office: Client) -> None:
    address = uploaded(office, book({"departments": [{"code": "OPS", "name": "=B9"}]}))
    row = Import.objects.get().rows.get(outcome="refused")
    form = office.get(f"{address}rows/{row.sheet}/{row.row}/").context["form"]
    typed = {**form.initial, "name": "运营部", "version": Import.objects.get().version}
    assert office.post(f"{address}rows/{row.sheet}/{row.row}/", typed).status_code == 302
    carry_on_imports()
    assert "1 new, 0 changed, 0 the same, 0 refused" in text_of(office.get(address))


TWO_BAD = [{"code": "OPS", "name": "运营部", "kind": "小组"}, {"code": "", "name": "无编码"}]


def opened_to_mend(office: Client) -> tuple[str, str, dict[str, object]]:
    """The page of an import with two bad rows, that of the first one, and what its form holds."""
    address = uploaded(office, book({"departments": TWO_BAD}))
    page = f"{address}rows/departments/2/"
    return address, page, {**office.get(page).context["form"].initial, "version": Import.objects.get().version}


def mended_elsewhere(office: Client, address: str, row: int, **cells: str) -> None:
    page = f"{address}rows/departments/{row}/"
    typed = {**office.get(page).context["form"].initial, "version": Import.objects.get().version}
    assert office.post(page, {**typed, **cells}).status_code == 302
    carry_on_imports()


def test_a_page_to_mend_outlives_the_plan_that_it_was_opened_on(office: Client) -> None:
    address, page, typed = opened_to_mend(office)
    mended_elsewhere(office, address, 3, code="QA")
    answer = office.post(page, {**typed, "kind": "业务部", "name": "运营一部"})
    assert answer.status_code == 412
    assert "The plan is a newer one" in text_of(answer)
    assert answer.context["form"]["name"].value() == "运营一部"
    again = {**typed, "kind": "业务部", "name": "运营一部", "version": answer.context["version"]}
    assert office.post(page, again).status_code == 302
    carry_on_imports()
    assert "2 new, 0 changed, 0 the same, 0 refused" in text_of(office.get(address))


def test_what_was_typed_is_kept_where_another_tab_mended_the_row(office: Client) -> None:
    address, page, typed = opened_to_mend(office)
    mended_elsewhere(office, address, 2, kind="业务部")
    assert office.get(page).status_code == 404
    answer = office.post(page, {**typed, "name": "运营一部", "kind": "业务部"})
    assert (answer.status_code, answer.context["form"]["name"].value()) == (412, "运营一部")
    again = {**typed, "name": "运营一部", "kind": "业务部", "version": answer.context["version"]}
    assert office.post(page, again).status_code == 302
    carry_on_imports()
    assert Import.objects.get().rows.get(row=2).label == "OPS 运营一部"


@pytest.mark.parametrize("place", ["nothing/2", "departments/9", f"departments/{2**40}"])
def test_a_row_that_no_sheet_has_is_not_there(office: Client, place: str) -> None:
    address = uploaded(office, book({"departments": TWO_BAD}))
    assert office.get(f"{address}rows/{place}/").status_code == 404
    assert office.post(f"{address}rows/nothing/2/", {"code": "X", "version": 1}).status_code == 404


def test_the_marked_file_says_what_is_wrong_and_comes_back(office: Client) -> None:
    bad = [*FIRM["departments"], {"code": "OPS", "name": "运营部", "kind": "小组"}]
    address = uploaded(office, book({"departments": bad}))
    marked = BytesIO(b"".join(office.get(f"{address}marked/").streaming_content))
    sheet = cells(marked)["Departments"]
    assert sheet[0][-1] == "Problem"
    assert [line[1] for line in sheet] == ["Department code", "FIN1", "QA", "OPS"]
    assert "“小组” is none of these" in str(sheet[3][-1])
    marked.seek(0)
    assert "2 new, 0 changed, 0 the same, 1 refused" in text_of(office.get(uploaded(office, marked)))


def test_what_is_no_workbook_is_said_at_once(office: Client) -> None:
    for name, content in (("a.xlsm", b"PK"), ("a.xlsx", b"%PDF-1.7"), ("a.xlsx", b""), ("a.docx", b"PK\x03\x04")):
        stream = BytesIO(content)
        stream.name = name
        answer = office.post(PAGE, {"file": stream})
        assert answer.status_code == 422, name
    assert not Import.objects.exists()


def test_progress_is_shown_while_a_job_is_at_it(office: Client, firm_rows: Sheets) -> None:
    stream = book(firm_rows)
    stream.name = "a.xlsx"
    address = office.post(PAGE, {"file": stream}).headers["Location"]
    key = Import.objects.get().pk
    assert "It waits for a worker." in text_of(office.get(address))
    with at_work(key) as report:
        assert report is not None
        report(3, 10)
        assert "3 of 10 rows" in text_of(office.get(f"{address}progress/"))
        assert carry_on_imports() == 0
    assert carry_on_imports() == 1
    assert office.get(f"{address}progress/").headers["HX-Redirect"] == address


def test_rows_are_shown_a_page_at_a_time(office: Client) -> None:
    many = [{"code": f"D{number:03}", "name": f"部门{number}"} for number in range(120)]
    address = uploaded(office, book({"departments": many}))
    first = office.get(address)
    assert "D049" in text_of(first)
    assert "D050" not in text_of(first)
    assert "D050" in text_of(office.get(address + first.context["pager"]["next_url"]))


def test_the_wrong_digest_and_version_are_refused(office: Client, firm_rows: Sheets) -> None:
    address = uploaded(office, book(firm_rows))
    found = Import.objects.get()
    assert office.post(f"{address}apply/", {"version": found.version, "digest": "x"}).status_code == 409
    assert office.post(f"{address}apply/", {"version": 1, "digest": found.digest}).status_code == 412
    assert office.post(f"{address}apply/", {"digest": found.digest}).status_code == 428
    assert office.post(f"{address}nothing/", {"version": found.version}).status_code == 404
    assert posted(office, address, "discard").status_code == 302
    assert posted(office, address, "apply").status_code == 409


def test_only_administrators_come_in(admin: Actor, client: Client) -> None:
    small_firm._account(admin, "chengmo", "程默", Department.objects.get())
    sign_in(client, User.objects.get(username="chengmo"))
    for address in (PAGE, f"{PAGE}file/", f"{PAGE}1/", f"{PAGE}1/marked/", f"{PAGE}1/rows/departments/1/"):
        assert client.get(address).status_code == 403


def test_headings_are_chinese_for_chinese_readers(office: Client) -> None:
    office.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    found = cells(BytesIO(b"".join(office.get(f"{PAGE}file/").streaming_content)))
    assert heading("departments", "code") in found[title("departments")][0]
    assert "说明" in found
