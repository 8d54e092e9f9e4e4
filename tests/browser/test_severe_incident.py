"""A severe incident on its whole way, from the call to the signed review, by the people concerned."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.core.management import call_command

from escalation.models import EscalationRequest, Problem
from incidents.models import Declaration, State
from tests.browser.people import Person

pytestmark = pytest.mark.browser


def logged(desk: Person) -> str:
    """Log the call by keyboard; the number that it got."""
    desk.presses("n")
    desk.page.wait_for_selector("#register")
    desk.names_caller("1001")
    desk.types("影像录入系统全行停摆")
    desk.presses("Enter")
    desk.types("沈主管来电：录入系统从九点五十起无法登录，全行凭证积压。")
    with desk.page.expect_navigation():
        desk.presses("Control+Shift+Enter")
    return str(desk.page.url.split("/records/")[1].split("/")[0])


def screened(desk: Person) -> None:
    desk.fills(valid="yes", kind="incident", scope="inside")
    desk.sends()


def graded(desk: Person, leaf: str, cell: str, level: str, basis: str) -> None:
    """Leaf and cell in the open form; the button repeats the level that they give."""
    desk.picks(f"[name=leaf][value='{leaf}']")
    desk.picks(f"[name=cell][value='{cell}']")
    desk.page.wait_for_selector(f"#grade-button:has-text('{level}')")
    desk.fills(grading_basis=basis)


def opens(desk: Person, verb: str) -> None:
    """Have the next step's form open, which it is by itself after the one before."""
    if desk.page.locator(f"#step form[action$='/do/{verb}/']").count():
        return
    assert desk.page.locator(f".action-bar a.btn-primary[href$='/do/{verb}/']").count(), desk.reads(".action-bar")
    desk.clicks_on(".action-bar .btn-primary")


def test_a_severe_incident_goes_its_way_through_six_pairs_of_hands(office: Any) -> None:
    desk = office.person("wangxiaozhou")
    number = logged(desk)
    screened(desk)
    opens(desk, "classify")
    graded(desk, "EQP-01", "severe:high", "一级", "全行录入停摆")
    desk.sends()
    assert "一级" in desk.reads(".record-card")
    desk.takes("confirm_contract_notes")
    desk.takes("look_up", reason="没有同类处置")
    desk.takes("start")

    desk.takes("request_escalation", reason="影响程度严重")
    head = office.person("chenyuan")
    head.finds_on_desk(number)
    head.decides("approve", "须查根因")
    risk = office.person("heshouzheng")
    risk.finds_on_desk(number)
    risk.decides("agree", "同意，风险可控")
    assert EscalationRequest.objects.get().state == EscalationRequest.State.COUNTERSIGNED

    desk.goes(f"/records/{number}/")
    desk.takes("write_plan", text="切换备用服务器，恢复登录后补录积压凭证")
    desk.takes("log_handling", what="切换备用服务器", result="登录恢复")
    desk.chooses("communicate", text="系统已恢复，积压凭证今天补录完")
    desk.takes(
        "resolve",
        cause="主服务器磁盘写满",
        solution="切换备用服务器，积压凭证已补录",
        solution_kind="permanent",
    )
    desk.chooses("confirm", satisfaction="5")

    acknowledges(office.person("zhouyanqiu"), Problem.objects.get())
    custodian = office.person("zhengkexin")
    custodian.finds_on_desk(number)
    custodian.decides("file", paper_place="一部档案柜 A-12")
    assert Declaration.objects.get().state == State.FILED
    assert number in text_of(printed(custodian, number))

    auditor = office.person("fengchiheng")
    reviews(auditor, number)
    call_command("seal_ledger")
    call_command("verify_ledger")


def acknowledges(manager: Person, problem: Problem) -> None:
    """Find the problem among those that nobody has received, and sign for it."""
    manager.goes("/problems/?view=waiting")
    manager.clicks_on(f"main a[href$='/problems/{problem.number}/']")
    manager.page.fill("main [name=reference]", "PM-2026-031")
    manager.clicks_on("main form .btn-primary")
    problem.refresh_from_db()
    assert problem.acknowledged_at is not None


def printed(custodian: Person, number: str) -> bytes:
    """The file behind the link of the print view, fetched as the browser would."""
    custodian.goes(f"/records/{number}/form/")
    link = custodian.page.locator("a[href$='form.pdf']").first.get_attribute("href")
    answer = custodian.page.context.request.get(link)
    assert answer.headers["content-type"] == "application/pdf"
    return bytes(answer.body())


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def reviews(auditor: Person, number: str, view: str = "") -> None:
    """Find the record in that view of the reviews, judge every clause as met, then sign."""
    auditor.goes(f"/audit/{view}")
    auditor.clicks_on(f"a[href$='/audit/{number}/']")
    auditor.clicks_on("form[action$='/start/'] .btn-primary")
    for _clause in range(40):
        if not auditor.page.locator(".audit-verdict .blue").count():
            break
        auditor.page.click("#judge label:has([name=conclusion][value=met])")
        auditor.clicks_on("#judge .btn-primary")
    auditor.page.fill("form[action$='/sign/'] [name=password]", auditor.office.password)
    auditor.clicks_on("form[action$='/sign/'] .btn")
    assert auditor.page.locator("form[action$='/sign/']").count() == 0
