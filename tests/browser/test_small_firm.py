"""A firm that has nothing of the demonstration does its main job at the browser, from the call to the signed review."""

from __future__ import annotations

import pytest

from audit.models import Review
from incidents.models import Declaration, State
from tests import small_firm
from tests.browser.people import Office, Person
from tests.browser.test_severe_incident import graded, opens, printed, reviews, screened, text_of

pytestmark = pytest.mark.browser


@pytest.fixture
def small_office(empty_office: Office) -> Office:
    """What its administrator entered through the actions, and not a row more."""
    small_firm.fill()
    empty_office.password = small_firm.PASSWORD
    return empty_office


def test_an_incident_goes_from_the_call_to_the_signed_review(small_office: Office) -> None:
    desk = small_office.newcomer("chengmo")
    number = logged(desk)
    screened(desk)
    opens(desk, "classify")
    graded(desk, "BIZ-01", "moderate:medium", "三级", "")
    desk.sends()
    handles(desk)
    assert Declaration.objects.get().state == State.CLOSED

    custodian = small_office.newcomer("jinanxing")
    custodian.finds_on_desk(number)
    custodian.decides("file", paper_place="运营支持部 1 号柜")
    assert Declaration.objects.get().state == State.FILED
    form = text_of(printed(custodian, number)).replace("\u200b", "").replace("\n", "")
    assert number in form
    assert "星野信托有限公司" in form

    reviews(small_office.newcomer("ningyuan"), number, view="?view=all")
    assert Review.objects.get().signed_at is not None


def logged(desk: Person) -> str:
    """Take the call of the one contact; the number that it got."""
    desk.presses("n")
    desk.page.wait_for_selector("#register")
    desk.names_caller(small_firm.CALLERS_NUMBER[-4:])
    desk.page.fill("#id_subject", "对账单漏装一页")
    desk.page.fill("#id_body", "罗一鸣来电：本月对账单漏装一页。")
    desk.clicks_on("#register [name=act][value=screen]")
    return Declaration.objects.get().number


def handles(desk: Person) -> None:
    """From the knowledge base, which is empty, to the closed record."""
    desk.takes("look_up", reason="知识库还是空的")
    desk.takes("start")
    desk.takes("log_handling", what="补寄", result="已寄出")
    desk.takes("resolve", cause="装订机漏检", solution="补寄并复核", solution_kind="permanent")
    desk.takes("confirm", satisfaction="5")
