"""A call, from the first ring to the number, with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session

from incidents.models import Declaration, State
from tests.scenes import PASSWORD

pytestmark = pytest.mark.browser

# A practised hand types five keys a second; thirty seconds also hold listening.
KEYS_IN_TIME = 120
MOUSE = """() => {
  window.mouse = 0;
  for (const kind of ["mousedown", "touchstart"]) addEventListener(kind, () => { window.mouse += 1; }, true);
}"""


def test_a_call_is_logged_by_keyboard_alone_in_time(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.page.evaluate(MOUSE)
    desk.presses("n")
    desk.page.wait_for_selector("#register")
    desk.page.evaluate(MOUSE)
    desk.names_caller("2001")
    desk.types("对账单漏装一页")
    desk.presses("Enter")
    desk.types("本月对账单漏装一页，客户投诉三起。")
    assert desk.page.evaluate("window.mouse") == 0
    with desk.page.expect_navigation():
        desk.presses("Control+Enter")
    declaration = Declaration.objects.get()
    assert declaration.state == State.ACCEPTED
    assert declaration.contact.name == "唐若宁"
    assert declaration.subject == "对账单漏装一页"
    assert declaration.first_response_at is not None
    assert desk.keys <= KEYS_IN_TIME
    assert declaration.number in desk.page.url


def test_two_clicks_on_accept_make_one_record(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/register/")
    desk.page.fill("#id_caller", "13900002001")
    desk.page.fill("#id_subject", "对账单漏装")
    desk.page.fill("#id_body", "漏装一页")
    with desk.page.expect_navigation():
        desk.page.dblclick("#register .btn-primary")
    assert Declaration.objects.count() == 1


def test_the_same_form_sent_again_gives_the_same_record(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/register/")
    desk.page.fill("#id_caller", "13900002001")
    desk.page.fill("#id_subject", "对账单漏装")
    desk.page.fill("#id_body", "漏装一页")
    key = desk.page.input_value("[name=key]")
    desk.clicks_on("#register .btn-primary")
    first = desk.page.url
    desk.goes("/register/")
    desk.page.fill("#id_caller", "13900002001")
    desk.page.fill("#id_subject", "对账单漏装")
    desk.page.fill("#id_body", "漏装一页")
    desk.page.evaluate("key => { document.querySelector('[name=key]').value = key; }", key)
    desk.clicks_on("#register .btn-primary")
    assert desk.page.url == first
    assert Declaration.objects.count() == 1


def test_other_staff_relay_a_call_and_its_desk_acknowledges_it(office: Any) -> None:
    assistant = office.person("zhengkexin")
    assistant.presses("n")
    assistant.page.wait_for_selector("#register")
    assistant.names_caller("2001")
    assistant.page.fill("#id_body", "对账单又漏装一页")
    assistant.clicks_on("#register .btn-primary")
    declaration = Declaration.objects.get()
    assert declaration.state == State.RELAYED
    assert declaration.number in assistant.reads("#toasts")

    desk = office.person("liusiyuan")
    desk.finds_on_desk(declaration.number)
    desk.sends()
    declaration.refresh_from_db()
    assert declaration.state == State.ACCEPTED
    assert declaration.accepted_by.name == "刘思远"


def test_a_session_that_ended_keeps_what_was_typed(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/register/")
    desk.page.fill("#id_subject", "对账单漏装一页")
    desk.page.fill("#id_body", "客户原话")
    desk.page.wait_for_selector("[data-draft-state]:not(:empty)")
    Session.objects.all().delete()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Control+Enter")
    assert "/sign-in/" in desk.page.url
    desk.page.fill("#id_username", "liusiyuan")
    desk.page.fill("#id_password", PASSWORD)
    desk.clicks_on("form .btn-primary")
    assert desk.page.input_value("#id_subject") == "对账单漏装一页"
    assert desk.page.input_value("#id_body") == "客户原话"
    assert not Declaration.objects.exists()
