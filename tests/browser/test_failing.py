"""When the connection or the server fails in the middle of a step: said in the page, nothing lost, tried again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.test_every_page import violations
from tests.scenes import Scene

pytestmark = pytest.mark.browser
PANEL = "#failed:not([hidden])"


@pytest.fixture
def writing(office: Any) -> Any:
    """The desk with a plan typed and not sent; what the browser complains of is what these tests cause."""
    declaration = Scene().in_progress("severe", "high")
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/do/write_plan/")
    desk.fills(text="先补寄，再复核")
    yield desk, declaration
    office.complaints.clear()


def test_without_a_connection_the_page_says_so_and_tries_again(writing: Any) -> None:
    desk, declaration = writing
    desk.page.context.set_offline(True)
    desk.page.click("#step .btn-primary")
    assert "连接中断，内容已存在本机" in desk.page.locator(PANEL).inner_text()
    assert desk.page.input_value("#step [name=text]") == "先补寄，再复核"
    desk.page.context.set_offline(False)
    desk.clicks_on("[data-retry]")
    declaration.refresh_from_db()
    assert declaration.plan == "先补寄，再复核"


def test_a_failing_server_is_said_and_tried_again(writing: Any) -> None:
    desk, declaration = writing
    desk.page.route("**/do/write_plan/", lambda route: route.fulfill(status=502, body="bad gateway"))
    desk.page.click("#step .btn-primary")
    assert "没有成功，您填的内容还在" in desk.page.locator(PANEL).inner_text()
    assert violations(desk) == []
    desk.page.unroute("**/do/write_plan/")
    desk.clicks_on("[data-retry]")
    declaration.refresh_from_db()
    assert declaration.plan == "先补寄，再复核"


def test_a_refusal_brings_its_own_sentence(writing: Any) -> None:
    desk, _declaration = writing
    desk.page.evaluate("document.querySelector('#step [name=version]').value = ''")
    desk.page.click("#step .btn-primary")
    assert "版本" in desk.page.locator(PANEL).inner_text()
