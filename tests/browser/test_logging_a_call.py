"""A call, from the first ring to the number, with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session

from incidents.models import Declaration, State
from tests.firm import PASSWORD

pytestmark = pytest.mark.browser

# A practised hand types five keys a second; thirty seconds also hold listening.
KEYS_IN_TIME = 120
AFTER_COMPOSING = """key => {
  const pressed = { key, keyCode: 229, ctrlKey: key === "Enter", bubbles: true, cancelable: true };
  const event = new KeyboardEvent("keydown", pressed);
  document.getElementById("id_body").dispatchEvent(event);
}"""
MOUSE = """() => {
  window.mouse = 0;
  for (const kind of ["mousedown", "touchstart"]) addEventListener(kind, () => { window.mouse += 1; }, true);
}"""


def tab_to(person: Any, selector: str) -> None:
    """Tab on until the field has the focus; a form that a keyboard cannot walk never gets there."""
    for _step in range(40):
        person.presses("Tab")
        if person.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


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


def test_a_letter_is_asked_for_its_file_by_keyboard_and_a_reason_is_the_way_out(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/register/")
    assert not desk.page.is_visible("#id_pages")
    assert not desk.page.is_visible("#id_no_file_reason")
    desk.names_caller("2001")
    desk.types("来函：对账单漏装")
    desk.presses("Enter")
    desk.types("来函说漏装一页")
    desk.page.focus("[name=channel]:checked")
    for way in ("email", "letter"):
        desk.presses("ArrowRight")
        assert desk.page.input_value("[name=channel]:checked") == way
        assert desk.page.is_visible("#id_no_file_reason")
    desk.page.focus("#id_body")
    for field in ("#id_pages", "#id_received_on", "#id_no_file_reason"):
        tab_to(desk, field)
    desk.page.fill("#id_pages", "2")
    desk.page.fill("#id_received_on", "2026-11-20")
    desk.presses("Control+Enter")
    desk.page.wait_for_selector("#id_attachments_error:has-text('写明原因')")
    tab_to(desk, "#id_no_file_reason")
    desk.types("原件由客户存档")
    with desk.page.expect_navigation():
        desk.presses("Control+Enter")
    assert Declaration.objects.get().no_file_reason == "原件由客户存档"
    assert "原件由客户存档" in desk.page.text_content("main")


def test_two_clicks_on_accept_make_one_record(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/register/")
    desk.page.fill("#id_caller", "13900002001")
    desk.page.fill("#id_subject", "对账单漏装")
    desk.page.fill("#id_body", "漏装一页")
    with desk.page.expect_navigation():
        desk.page.dblclick("#register .btn-primary")
    assert Declaration.objects.count() == 1


def test_the_same_form_sent_again_says_when_it_was_saved_and_counts_once(office: Any) -> None:
    desk = office.person("liusiyuan")
    key = ""
    for again in (False, True):
        desk.goes("/register/")
        desk.page.fill("#id_caller", "13900002001")
        desk.page.fill("#id_subject", "对账单漏装")
        desk.page.fill("#id_body", "漏装一页")
        if not again:
            key = desk.page.input_value("#register [name=opened_form]")
            desk.clicks_on("#register .btn-primary")
    desk.page.evaluate("key => { document.querySelector('#register [name=opened_form]').value = key; }", key)
    desk.page.click("#register .btn-primary")
    desk.page.wait_for_selector("#failed:has-text('已保存过')")
    assert Declaration.objects.count() == 1
    desk.page.click("[data-another]")
    desk.page.wait_for_url("**/records/**")
    assert Declaration.objects.count() == 2


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
    Session.objects.all().delete()
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_selector("#failed [data-sign-in]:not([hidden])")
    assert desk.page.url.endswith("/register/")
    desk.clicks_on("[data-sign-in]")
    assert "您填的内容已存在本机" in desk.page.inner_text("main")
    desk.page.fill("#id_username", "liusiyuan")
    desk.page.fill("#id_password", PASSWORD)
    desk.clicks_on("form .btn-primary")
    assert desk.page.input_value("#id_subject") == "对账单漏装一页"
    assert desk.page.input_value("#id_body") == "客户原话"
    assert not Declaration.objects.exists()


def test_a_look_up_after_the_session_has_ended_takes_nobody_away(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/register/")
    Session.objects.all().delete()
    desk.page.focus("#id_subject")
    desk.types("对账单漏装")
    desk.page.wait_for_selector("#failed [data-sign-in]:not([hidden])")
    assert desk.page.url.endswith("/register/")
    assert desk.page.input_value("#id_subject") == "对账单漏装"


def test_what_is_too_long_is_told_and_nothing_is_cut(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/register/")
    desk.page.fill("#id_subject", "长" * 300)
    assert len(desk.page.input_value("#id_subject")) == 300
    assert "多了 100 个字" in desk.page.inner_text("#id_subject + [data-counter]")
    desk.page.fill("#id_body", "漏装一页")
    desk.page.fill("#id_caller", "13900002001")
    desk.presses("Control+Enter")
    desk.page.wait_for_selector("#register [role=alert]")
    assert len(desk.page.input_value("#id_subject")) == 300
    assert not Declaration.objects.exists()


def test_the_keys_of_an_input_method_are_no_shortcuts(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes("/register/")
    desk.page.fill("#id_body", "漏装")
    # As Safari sends the Enter and the Escape that belong to a composition which has just ended.
    for key in ("Enter", "Escape"):
        desk.page.evaluate(AFTER_COMPOSING, key)
    assert not desk.page.locator("#discard[open]").count()
    assert not Declaration.objects.exists()
    desk.presses("Escape")
    assert desk.page.locator("#discard[open]").count()
