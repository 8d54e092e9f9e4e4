"""A firm moves in at the browser alone: from the code of the first start to the first call that is filed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from accounts.first_code import first_code
from accounts.models import Customer, Department, User
from incidents.models import Declaration, State
from knowledge.models import KnowledgeArticle
from setup.checks import cards
from setup.queries import standing
from tests.browser.people import DESKTOP, Office, Person
from tests.browser.test_severe_incident import graded, opens, screened

pytestmark = pytest.mark.browser

PASSWORD = "Kestrel-Harbour-42"
UNITS = {"OPS": ("运营一部", "business"), "OPS2": ("运营二部", "business"), "RISK": ("内控合规部", "risk_control")}
HEADS = {"OPS": "luqingyue", "OPS2": "fangzhou"}
# Account, name, unit, and for what the form of roles is opened.
STAFF = (
    ("luqingyue", "卢清越", "OPS", ("head",)),
    ("fangzhou", "方舟", "OPS2", ("head",)),
    ("jinanxing", "季南星", "OPS", ("duty",)),
    ("songyi", "宋怡", "OPS2", ("duty",)),
    ("chengmo", "程默", "OPS", ()),
    ("shaohuaijin", "邵怀瑾", "RISK", ("risk_control", "security_officer", "problem_manager")),
    ("ningyuan", "宁远", "RISK", ("auditor", "document_owner")),
    ("daiyunzhou", "戴云舟", "RISK", ("sales", "complaint_owner", "management")),
)
CUSTOMERS = [f"K{number:02}" for number in range(1, 9)]
CALLERS_NUMBER = "13855550101"


class Mover(Person):
    """Somebody who sets the desk up, and counts the pages that it takes."""

    pages = 0

    def enters(self, path: str, **values: str) -> None:
        """Open the form at that address, fill it in and send it; the page that follows is another one."""
        self.goes(path)
        for name, value in values.items():
            field = self.page.locator(f"form.settings-form [name={name}]").first
            kind = field.get_attribute("type")
            if kind == "checkbox":
                self.page.locator(f"form.settings-form label:has([name={name}])").click()
            elif kind == "radio":
                self.page.locator(f"form.settings-form label:has([name={name}][value='{value}'])").click()
            elif field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.pages += 1
        with self.page.expect_navigation():
            self.page.click("form.settings-form .btn-primary")
        assert not self.page.locator(".field-error").count(), self.reads()


def opened(office: Office) -> Mover:
    """The first administrator, who has just opened the desk with the code."""
    mover = Mover(office, office._new_context(base_url=office.address, viewport=DESKTOP).new_page())
    mover.page.goto("/")
    values = {"code": first_code(), "name": "顾岚", "username": "gulan", "password": PASSWORD}
    for name, value in {**values, "password_again": PASSWORD}.items():
        mover.page.fill(f"#id_{name}", value)
    mover.pages += 1
    mover.clicks_on(".btn-primary")
    assert "/settings/setup/" in mover.page.url
    return mover


def hires(mover: Mover, account: str, name: str, unit: str, ways: tuple[str, ...]) -> None:
    department = str(Department.objects.get(code=unit).pk)
    person = {"name": name, "username": account, "employee_number": f"N-{account}", "department": department}
    mover.enters("/settings/people/new/", **person, language="zh-hans")
    key = User.objects.get(username=account).pk
    for way in ways:
        if way in ("head", "duty"):
            mover.enters(f"/settings/people/{key}/grants/new/?way={way}", department=department, reason="任命")
        else:
            mover.enters(f"/settings/people/{key}/grants/new/?way=role", role=way, reason="任命")
    sets_password(mover, key)


def sets_password(mover: Mover, key: int) -> None:
    """The administrator hands out the link, and whoever gets it chooses the password."""
    mover.goes(f"/settings/people/{key}/")
    mover.page.click("form[action$='/password-link/'] button")
    mover.page.wait_for_selector(".link-shown code")
    path = urlsplit(mover.reads(".link-shown code").strip()).path
    page = mover.office._new_context(base_url=mover.office.address, viewport=DESKTOP).new_page()
    page.goto(path)
    page.fill("[name=new_password1]", PASSWORD)
    page.fill("[name=new_password2]", PASSWORD)
    with page.expect_navigation():
        page.click("form .btn-primary")
    page.context.close()


def sells(mover: Mover, code: str, unit: str) -> None:
    """A customer with a contact who may confirm, and a contract in force."""
    department = str(Department.objects.get(code=unit).pk)
    mover.enters("/customers/new/", code=code, name=f"{code} 信托有限公司", department=department)
    key = Customer.objects.get(code=code).pk
    mobile = CALLERS_NUMBER if code == CUSTOMERS[0] else f"138555502{code[1:]}"
    mover.enters(f"/customers/{key}/contacts/new/", name="罗一鸣", mobile=mobile, may_confirm="on")
    days = {"starts_on": "2026-01-01", "ends_on": "2028-12-31"}
    mover.enters(f"/settings/contracts/new/?customer={key}", number=f"HT-{code}", name="账户运营服务", **days)


def writes_article(office: Office) -> None:
    """One head writes what the other approves."""
    writer, reviewer = (mover_of(office, account) for account in HEADS.values())
    words = {"title": "对账单漏装的处理", "categories": "BIZ-01", "symptom": "少一页", "solution_steps": "补寄"}
    writer.enters("/knowledge/new/", **words)
    code = KnowledgeArticle.objects.get().code
    chosen = str(User.objects.get(username=HEADS["OPS2"]).pk)
    writer.enters(f"/knowledge/{code}/propose/", reviewer=chosen)
    reviewer.enters(f"/knowledge/{code}/approve/", valid_until="2028-12-31")
    assert KnowledgeArticle.objects.get().status == "valid"


def mover_of(office: Office, account: str) -> Mover:
    mover = Mover(office, office._new_context(base_url=office.address, viewport=DESKTOP).new_page())
    mover.sign_in(account)
    return mover


def test_a_firm_moves_in_by_clicking_and_files_its_first_call(empty_office: Any, record_property: Any) -> None:
    office = empty_office
    office.password = PASSWORD
    mover = opened(office)
    for code, (name, kind) in UNITS.items():
        mover.enters("/settings/departments/new/", code=code, name=name, kind=kind)
    for account, name, unit, ways in STAFF:
        hires(mover, account, name, unit, ways)
    for number, code in enumerate(CUSTOMERS):
        sells(mover, code, "OPS" if number < len(CUSTOMERS) - 1 else "OPS2")
    serves(mover, "chengmo")
    writes_article(office)
    record_property("pages", mover.pages)
    assert [finding.sentence for card in cards(standing()) for finding in card.findings if finding.grave] == []

    desk = office.newcomer("chengmo")
    number = logs(desk)
    screened(desk)
    opens(desk, "classify")
    graded(desk, "BIZ-01", "moderate:medium", "三级", "")
    desk.sends()
    desk.takes("look_up", reason="情形不同")
    desk.takes("start")
    desk.takes("log_handling", what="补寄", result="已寄出")
    desk.takes("resolve", cause="装订机漏检", solution="补寄并复核", solution_kind="permanent")
    desk.takes("confirm", satisfaction="5")
    custodian = office.newcomer("jinanxing")
    custodian.finds_on_desk(number)
    custodian.decides("file", paper_place="1 号柜")
    assert Declaration.objects.get().state == State.FILED


def serves(mover: Mover, account: str) -> None:
    """One project manager for all customers, in one go."""
    key = User.objects.get(username=account).pk
    mover.goes(f"/settings/people/{key}/grants/new/?way=customers")
    for box in mover.page.locator("form.settings-form label:has([name=customers])").all():
        box.click()
    mover.page.fill("form.settings-form [name=reason]", "项目经理")
    mover.pages += 1
    with mover.page.expect_navigation():
        mover.page.click("form.settings-form .btn-primary")
    assert not mover.page.locator(".field-error").count(), mover.reads()


def logs(desk: Person) -> str:
    desk.presses("n")
    desk.page.wait_for_selector("#register")
    desk.names_caller(CALLERS_NUMBER[-4:])
    desk.page.fill("#id_subject", "对账单漏装一页")
    desk.page.fill("#id_body", "罗一鸣来电：本月对账单漏装一页。")
    desk.clicks_on("#register [name=act][value=screen]")
    return Declaration.objects.get().number
