"""Two people at their browsers: what one does the other sees, and loses neither place nor letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from incidents import actions
from incidents.models import Declaration
from tests.browser.people import PHONE, Person, later
from tests.firm import CHEN_HEAD, LIU_DESK, WANG_DESK
from tests.firm import person as colleague
from tests.scenes import Scene

pytestmark = pytest.mark.browser

# At most one turn of the question and the time to load the page.
USUAL = 17_000
SHARED = 7_000
CHANGED = "main:has-text('{}')"
HIDE = """() => {
  Object.defineProperty(document, "hidden", {get: () => window.away, configurable: true});
}"""
AWAY = """away => {
  window.away = away;
  document.dispatchEvent(new Event("visibilitychange"));
}"""
ALONE = """() => {
  window.rung = [];
  window.Notification = class {
    static permission = "granted";
    static requestPermission() { return Promise.resolve("granted"); }
    constructor(title, more) { window.rung.push([title, more.body]); }
    addEventListener() {}
  };
  localStorage.setItem("notices", "on");
}"""


def asked(person: Person) -> list[str]:
    """The questions of that page from now on."""
    found: list[str] = []
    person.page.on("request", lambda request: found.append(request.url) if request.url.endswith("/live/") else None)
    return found


def logs(record: Declaration, what: str) -> None:
    Scene().do(actions.log_handling, record, LIU_DESK, what=what, result="完成")


def eventually(person: Person, says: str, within: int) -> None:
    person.page.wait_for_selector(CHANGED.format(says), timeout=within)


def test_a_relayed_call_comes_to_the_open_desk_and_its_title(office: Any) -> None:
    Scene().in_progress()
    desk = office.person("liusiyuan")
    before = desk.page.title()
    relayed = Scene().relayed()
    eventually(desk, relayed.number, USUAL)
    assert before.split()[0] == "(1)"
    assert desk.page.title() == "(2) 剩 14 分 · 我的工作台" or desk.page.title().startswith("(2) 剩 1")
    assert desk.page.inner_text(".bell-count") == "1"


def test_cursor_focus_scroll_and_folds_of_the_desk_stay(office: Any) -> None:
    records = [Scene().in_progress() for _ in range(14)]
    Scene().waiting()
    desk = office.person("liusiyuan")
    desk.page.click("details.waiting > summary")
    desk.presses(*"jjjjjjjjjj")
    cursor = desk.page.get_attribute(".task.cursor", "id")
    top = desk.page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert desk.page.evaluate("scrollY") > 0
    relayed = Scene().relayed()
    eventually(desk, relayed.number, USUAL)
    assert desk.page.get_attribute(".task.cursor", "id") == cursor
    assert desk.page.locator(".btn-primary:visible").count() == 1
    assert desk.page.evaluate("document.activeElement.closest('.task').id") == cursor
    assert abs(desk.page.evaluate("document.activeElement.getBoundingClientRect().top") - top) < 2
    assert desk.page.evaluate("document.querySelector('details.waiting').open")
    # The line under the cursor goes: the cursor takes the one after it.
    [gone] = [record for record in records if record.number in str(cursor)]
    following = desk.page.evaluate("document.querySelector('.task.cursor').nextElementSibling.id")
    Scene().do(actions.reassign, gone, LIU_DESK, to=colleague(WANG_DESK), reason="休假")
    desk.page.wait_for_selector(f".waiting [id='{cursor}']", timeout=USUAL)
    assert desk.page.get_attribute(".task.cursor", "id") == following


def test_what_is_ticked_in_the_list_stays_ticked(office: Any) -> None:
    scene = Scene()
    for _ in range(3):
        scene.in_progress()
    desk = office.person("liusiyuan")
    desk.goes("/records/")
    desk.presses("j", "j", "x")
    ticked = "document.querySelector('[data-select]:checked').value"
    before, cursor = desk.page.evaluate(ticked), desk.page.get_attribute(".cursor", "id")
    new = scene.accepted()
    eventually(desk, new.number, USUAL)
    assert desk.page.evaluate(ticked) == before
    assert desk.page.get_attribute(".cursor", "id") == cursor
    assert desk.page.inner_text("[data-selected]") == "已选 1 件"


def test_two_on_a_record_see_each_other_and_lose_no_letter(office: Any) -> None:
    record = Scene().in_progress()
    desk, head = office.person("liusiyuan"), office.person("chenyuan")
    head.goes(f"/records/{record.number}/")
    desk.goes(f"/records/{record.number}/do/log_handling/")
    desk.page.click("#step [name=what]")
    desk.types("核对批次")
    head.page.wait_for_selector("#live:has-text('刘思远正在填写')", timeout=USUAL + SHARED)
    # From now on both ask every five seconds.
    Scene().do(actions.reassign, record, CHEN_HEAD, to=colleague(WANG_DESK), reason="休假")
    desk.page.wait_for_selector("#live:has-text('陈予安刚刚更新')", timeout=SHARED)
    head.page.wait_for_selector(".record-timeline:has-text('王晓舟')", timeout=SHARED)
    desk.types("，已补寄")
    assert desk.page.input_value("#step [name=what]") == "核对批次，已补寄"
    desk.page.click("#live a:has-text('刷新')")
    desk.page.wait_for_load_state("networkidle")
    assert desk.page.input_value("#step [name=what]") == "核对批次，已补寄"


def test_a_form_in_the_panel_stays_while_all_around_it_is_new(office: Any) -> None:
    record = Scene().in_progress()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{record.number}/")
    desk.page.evaluate(PANEL)
    desk.page.click("#step-panel textarea")
    desk.types("核对")
    Scene().do(actions.reassign, record, CHEN_HEAD, to=colleague(WANG_DESK), reason="休假")
    desk.page.wait_for_selector(".record-timeline:has-text('王晓舟')", timeout=USUAL)
    desk.types("批次")
    assert desk.page.input_value("#step-panel textarea") == "核对批次"
    assert "陈予安刚刚更新" in desk.page.inner_text("#live")


PANEL = """() => {
  const panel = document.createElement("div");
  panel.id = "step-panel";
  panel.innerHTML = '<div id="step"><form method="post"><textarea name="what"></textarea></form></div>';
  document.querySelector(".work-main").prepend(panel);
}"""


def test_folds_and_filter_of_a_record_stay(office: Any) -> None:
    record = Scene().in_progress()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{record.number}/")
    desk.page.click(".sections > details:not([open]) > summary >> nth=0")
    opened = "[...document.querySelectorAll('.sections > .section')].map(one => Boolean(one.open))"
    before = desk.page.evaluate(opened)
    desk.page.click("#timeline .chip >> nth=1")
    desk.page.wait_for_selector("#timeline .chip:nth-of-type(2)[aria-current]")
    logs(record, "核对批次")
    desk.page.wait_for_selector(".sections:has-text('核对批次')", state="attached", timeout=USUAL)
    assert desk.page.evaluate(opened) == before
    assert desk.page.locator("#timeline .chip >> nth=1").get_attribute("aria-current") == "true"


def test_a_page_out_of_sight_does_not_ask_and_asks_at_once_when_it_comes_back(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.page.evaluate(HIDE)
    desk.page.evaluate(AWAY, True)
    questions = asked(desk)
    desk.page.wait_for_timeout(USUAL)
    assert questions == []
    relayed = Scene().relayed()
    desk.page.evaluate(AWAY, False)
    eventually(desk, relayed.number, 3_000)


def test_signing_out_ends_the_questions_and_says_what_is_to_do(office: Any) -> None:
    desk = office.person("liusiyuan")
    other = Person(office, desk.page.context.new_page())
    other.goes("/")
    other.page.context.clear_cookies()
    desk.page.wait_for_selector("#live a:has-text('登录')", timeout=USUAL)
    questions = asked(desk)
    desk.page.wait_for_timeout(USUAL)
    assert questions == []


def test_without_a_server_the_page_says_so_and_takes_up_again(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.page.route("**/live/", lambda route: route.fulfill(status=503))
    desk.page.wait_for_selector("#live:has-text('连接中断')", timeout=3 * USUAL)
    assert "重试" in desk.reads("#live")
    desk.page.unroute("**/live/")
    relayed = Scene().relayed()
    eventually(desk, relayed.number, 5 * USUAL)
    assert desk.reads("#live").strip() == ""
    # The browser's console counts every answer of the server that was away.
    office.complaints[:] = [said for said in office.complaints if "503" not in said]


def test_of_several_tabs_one_rings_and_once(office: Any, new_context: Callable[..., Any]) -> None:
    desk = office.person("liusiyuan")
    desk.page.context.add_init_script(f"({ALONE})()")
    other = Person(office, desk.page.context.new_page())
    for one in (desk, other):
        one.goes("/")
    relayed = Scene().relayed()
    for one in (desk, other):
        eventually(one, relayed.number, USUAL)
    rung = desk.page.evaluate("window.rung") + other.page.evaluate("window.rung")
    assert rung == [[f"{relayed.number}：有一条转告待您接收", relayed.subject]]


# A browser without windows has nowhere to ask its person; here the person agrees, and it is counted how often.
ASKED = """
    globalThis.Notification = class {
        static permission = localStorage.getItem("agreed") ?? "default";
        static requestPermission() {
            localStorage.setItem("asked", 1 + Number(localStorage.getItem("asked")));
            localStorage.setItem("agreed", "granted");
            Notification.permission = "granted";
            return Promise.resolve("granted");
        }
    };
"""


def test_the_device_is_asked_only_by_its_switch(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.page.context.add_init_script(ASKED)
    assert desk.page.evaluate("localStorage.getItem('notices')") is None
    desk.goes("/my/")
    assert desk.page.evaluate("localStorage.getItem('asked')") is None
    desk.page.check("[data-notices-switch]")
    desk.page.check("[data-sound-switch]")
    kept = "[localStorage.getItem('notices'), localStorage.getItem('notice-sound')]"
    desk.page.wait_for_function(f"{kept}.join() === 'on,on'")
    desk.page.reload()
    assert desk.page.is_checked("[data-notices-switch]")
    assert desk.page.evaluate("localStorage.getItem('asked')") == "1"
    desk.page.uncheck("[data-notices-switch]")
    assert desk.page.evaluate(kept) == ["off", "on"]


def test_the_words_of_the_clock_and_the_title_go_together(office: Any) -> None:
    Scene().relayed()
    desk = office.person("liusiyuan", viewport=PHONE)
    before = desk.page.title()
    later(minutes=20)
    desk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    desk.page.wait_for_function("before => document.title !== before", arg=before)
    assert desk.page.inner_text("[data-worst] .clock-words").strip() in desk.page.title()
