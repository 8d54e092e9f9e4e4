"""What was typed or chosen stays with its person and its form, and says when it was kept."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from incidents.models import Communication, Declaration
from tests.browser.forms.twins import TWICE, replace_scripts
from tests.browser.people import Person
from tests.firm import BANK_B
from tests.scenes import Scene

pytestmark = pytest.mark.browser

# The browser is in Shanghai.
ZONE = ZoneInfo("America/New_York")
KEPT = "[data-draft-state]:not(:empty)"
AGE = """days => Object.keys(localStorage).filter(key => key.startsWith("draft:")).forEach(key => {
  const draft = JSON.parse(localStorage.getItem(key));
  localStorage.setItem(key, JSON.stringify({ ...draft, at: draft.at - days * 86400000 }));
})"""
# Forgets the hidden choices, as if a draft held only what is typed.
WITHOUT_CHOICES = {"draft": {'one.type !== "hidden" || chosen(one)': 'one.type !== "hidden"'}}


def drafts_in(desk: Person) -> list[str]:
    """The drafts that this browser holds, of whomever."""
    return [key for key in desk.page.evaluate("Object.keys(localStorage)") if key.startswith("draft:")]


def typed_call(desk: Person) -> None:
    """A call whose caller has been chosen from the list, as a draft."""
    desk.goes("/register/")
    desk.page.focus("#id_caller")
    desk.names_caller("2001")
    desk.page.fill("#id_subject", "对账单漏装一页")
    desk.page.fill("#id_body", "本月对账单漏装一页。")
    desk.page.wait_for_selector(KEPT)
    # What is like it is being looked for while the draft is kept.
    desk.page.wait_for_load_state("networkidle")


def accept_after_reload(desk: Person) -> None:
    """Load the page again and accept at once, long before anything more of it has been loaded."""
    desk.page.route("**/register/caller/**", lambda _route: None)
    desk.page.reload()
    assert desk.page.input_value("#id_subject") == "对账单漏装一页"
    desk.presses("Control+Enter")


def test_a_draft_brings_the_chosen_caller_back_before_anybody_can_send_it(office: Any) -> None:
    desk = office.person("liusiyuan")
    typed_call(desk)
    accept_after_reload(desk)
    desk.page.wait_for_url("**/records/**")
    declaration = Declaration.objects.get()
    assert (declaration.contact.name, declaration.customer.code) == ("唐若宁", BANK_B)


def test_without_the_choice_the_caller_would_be_lost(office: Any) -> None:
    desk = office.person("liusiyuan")
    replace_scripts(desk.page, WITHOUT_CHOICES)
    typed_call(desk)
    accept_after_reload(desk)
    # The caller is lost, so the form comes back and asks whether the call of a stranger is to be relayed.
    desk.page.wait_for_selector("#register [value=relay]")
    assert not Declaration.objects.exists()


def test_the_chosen_caller_is_seen_again_after_a_reload(office: Any) -> None:
    desk = office.person("liusiyuan")
    typed_call(desk)
    desk.page.reload()
    desk.page.wait_for_selector(".caller-card:has-text('唐若宁')")


def test_asking_again_takes_the_text_along_and_leaves_nothing_for_the_next_caller(office: Any) -> None:
    earlier = Scene().in_progress()
    desk = office.person("liusiyuan")
    typed_call(desk)
    other = desk.page.context.new_page()
    other.goto("/register/")
    assert other.input_value("#id_subject") == other.input_value("#id_body") == ""
    other.close()
    desk.page.wait_for_selector("[data-takes]")
    assert f"/records/{earlier.number}/" in desk.page.get_attribute("[data-takes]", "href")
    desk.clicks_on("[data-takes]")
    assert desk.page.input_value("#step [name=text]") == "对账单漏装一页\n本月对账单漏装一页。"
    desk.goes("/register/")
    assert desk.page.input_value("#id_subject") == desk.page.input_value("#id_body") == ""
    assert desk.page.locator(KEPT).count() == 0


@pytest.fixture
def far_away(office: Any) -> Person:
    """Somebody whose account has another zone than the machine writes down a contact."""
    User.objects.filter(username="liusiyuan").update(zone=ZONE.key)
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{Scene().in_progress().number}/do/communicate/")
    desk.page.fill("[name=text]", "今晚完成")
    desk.page.wait_for_selector(KEPT)
    return desk


def kept_at(desk: Person) -> datetime:
    [kept] = [json.loads(text) for text in desk.page.evaluate("Object.values(localStorage)") if "values" in text]
    return datetime.fromtimestamp(kept["at"] / 1000, ZONE)


def test_a_draft_says_when_it_was_kept_in_the_zone_of_the_page(far_away: Person) -> None:
    assert f"草稿已保存 {kept_at(far_away):%H:%M}" in far_away.reads(KEPT)


@pytest.mark.parametrize(("days", "worded"), [(0, "，%H:%M 写的"), (2, "，%m-%d %H:%M 写的")], ids=["today", "earlier"])
def test_a_draft_of_another_day_says_which(far_away: Person, days: int, worded: str) -> None:
    # The page writes what it holds as it goes, so that the draft grows old only behind it.
    path = far_away.page.url
    far_away.page.goto("/time/")
    far_away.page.evaluate(AGE, days)
    # As in another window: in its own the draft is put back at once.
    far_away.page.evaluate("sessionStorage.removeItem('back')")
    far_away.goes(path)
    assert kept_at(far_away).strftime(worded) in far_away.reads(KEPT)


def test_a_draft_is_forgotten_after_a_week(far_away: Person) -> None:
    path = far_away.page.url
    far_away.page.goto("/time/")
    far_away.page.evaluate(AGE, 8)
    far_away.goes(path)
    assert far_away.page.input_value("[name=text]") == ""
    assert drafts_in(far_away) == []


def test_who_signs_in_next_at_the_same_browser_finds_nothing(office: Any) -> None:
    desk = office.person("liusiyuan")
    typed_call(desk)
    # A page that still looks for what is like the call would be refused without its cookies.
    desk.goes("/time/")
    desk.page.context.clear_cookies()
    desk.sign_in("chenyuan")
    desk.goes("/register/")
    assert desk.page.input_value("#id_body") == ""
    assert drafts_in(desk) == []


def test_a_double_click_whose_second_send_leaves_too_saves_once(office: Any) -> None:
    """The page keeps the second back; where it does not, the desk does."""
    desk = office.person("liusiyuan")
    replace_scripts(desk.page, TWICE)
    desk.goes(f"/records/{Scene().in_progress().number}/do/communicate/")
    desk.fills(way="phone", text="今晚完成")
    posts: list[Any] = []
    desk.page.on("response", lambda answer: posts.append(answer) if answer.request.method == "POST" else None)
    with desk.page.expect_navigation():
        desk.page.dblclick("#step form[data-main] .btn-primary")
    desk.page.wait_for_timeout(200)
    assert sum(bool(answer.headers.get("hx-redirect")) for answer in posts) == 1
    assert Communication.objects.filter(text="今晚完成").count() == 1


def test_the_whole_line_of_an_article_chooses_it_and_a_sign_of_its_own_opens_it(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{Scene().screened().number}/do/solve_in_first_contact/?query=漏装")
    line = desk.page.locator("label.answer:has([value^='article:']:enabled)").first
    none = desk.page.locator("label.answer:has([value=none])")
    for share in (0.02, 0.3, 0.6, 0.85):
        none.click()
        box = line.bounding_box()
        line.click(position={"x": box["width"] * share, "y": box["height"] / 2})
        assert line.locator("input").is_checked(), f"a click at {share:.0%} of the line chose nothing"
    none.click()
    with desk.page.context.expect_page() as opened:
        line.locator(".answer-opens").click()
    assert "/knowledge/KB-" in opened.value.url
    assert none.locator("input").is_checked()
