"""One contract for every form of the desk: only a chosen way is sent, nothing typed is lost, a form counts once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import UploadedFile

from ledger.models import SentForm
from portal.verbs import STEPS as VERBS
from tests import scenes
from tests.portal.test_verbs import STEPS
from tests.scenes import Scene

pytestmark = pytest.mark.browser

CHOSEN = "[...document.querySelectorAll('[aria-pressed=true]')].map(one => one.value)"
FILL = """([key, values]) => {
  const form = [...document.forms].find(one => one.elements.opened_form?.value.startsWith(key + '-'));
  for (const [name, given] of Object.entries(values)) {
    const wanted = [given].flat().map(String);
    for (const one of [...form.elements].filter(one => one.name === name && one.type !== 'hidden')) {
      if (one.type === 'radio' || one.type === 'checkbox') one.checked = wanted.includes(one.value);
      else if (one.tagName === 'SELECT') for (const each of one.options) each.selected = wanted.includes(each.value);
      else one.value = given;
      one.dispatchEvent(new Event('input', { bubbles: true }));
      one.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }
}"""
SHOWN = """([key, name]) => {
  const form = [...document.forms].find(one => one.elements.opened_form?.value.startsWith(key + '-'));
  const found = [...form.elements].filter(one => one.name === name && one.type !== 'hidden');
  const ticked = found.filter(one => one.checked).map(one => one.value);
  return ['radio', 'checkbox'].includes(found[0]?.type) ? ticked : found.map(one => one.value);
}"""
DRAFTS = "() => Object.keys(localStorage).filter(key => key.startsWith('draft:'))"


@dataclass(frozen=True)
class Form:
    """A form: whose, on which page, what is typed, and the ways in which it is sent (value by key)."""

    key: str
    who: str
    page: Callable[[], str]
    values: Callable[[], dict[str, Any]] = dict
    ways: dict[str, str] = field(default_factory=dict)


def step_page(verb: str) -> Form:
    who, before, values, _after = STEPS[verb]
    key = "screen" if verb in SCREENED else verb
    return Form(key, who, lambda: f"/records/{before().number}/do/{verb}/", values)


SCREENED = ("screen_as_incident", "screen_as_request", "hand_over", "screen_as_invalid")
# Those with a page of their own beside the step's: one for each name that {% opened_form %} is given in a template.
OWN = {
    "register": Form(
        "register", "S05", lambda: "/register/", lambda: {"caller": "13900002001", "subject": "漏装", "body": "漏一页"}
    ),
    "decide": Form(
        "decide",
        "S01",
        lambda: f"/decisions/{Scene().requested().number}/",
        lambda: {"text": "须查根因"},
        {"x": "refuse", "y": "approve"},
    ),
    "receive": Form("receive", "S12", lambda: f"/handovers/{Scene().handed_over().number}/", dict, {"y": "receive"}),
    "return": Form(
        "return", "S12", lambda: f"/handovers/{Scene().handed_over().number}/", lambda: {"reason": "不归我"}
    ),
    "complete": Form(
        "complete",
        "S12",
        lambda: f"/handovers/{Scene().handover_received().number}/",
        lambda: {"reference": "TS-1", "result": "已答复"},
    ),
    "file": Form("file", "S09", lambda: f"/filing/{Scene().closed().number}/", lambda: {"paper_place": "A-01"}),
    "return_for_completion": Form(
        "return_for_completion", "S09", lambda: f"/filing/{Scene().closed().number}/", lambda: {"missing": "缺回执"}
    ),
}
FORMS = {**{verb: step_page(verb) for verb in VERBS if verb not in SCREENED[1:]}, **OWN}
# One press without anything typed, or set up by the tests of their own room; they go by the same tag and scripts.
PRESSES = frozenset(
    {"press", "review", "test", "retry-all", "retry", "acknowledge", "seen", "plan", "confirm", "forget"}
)
ELSEWHERE = frozenset(
    {"correct", "verify", "conclude", "finding", "sign", "preferences", "robot", "hours", "load", "day", "terms"}
    | {"view", "deadlines", "warn", "draft", "problem", "reassign", "screen"}
)
# Who signs in or out, or changes the language, sends nothing that could be lost.
NO_FORM_OF_THE_DESK = frozenset({"login.html", "password_change_form.html", "preferences.html", "foot_switches.html"})


def posted_forms() -> list[tuple[str, str]]:
    """Every form of the templates that is posted, as (file, what follows its tag)."""
    found = []
    for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html")):
        found += [
            (path.name, body) for body in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.S)
        ]
    return found


def test_every_form_of_the_desk_goes_by_the_contract() -> None:
    bare = [name for name, body in posted_forms() if "{% opened_form" not in body and name not in NO_FORM_OF_THE_DESK]
    assert bare == []
    names = {name for _file, body in posted_forms() for name in re.findall(r'{% opened_form "([\w-]+)"', body)}
    assert names - set(FORMS) - PRESSES - ELSEWHERE == set()
    assert set(VERBS) - set(FORMS) == set(SCREENED[1:])


class Trial:
    """One form in the hand of its person, and how many ways it was tried."""

    def __init__(self, office: Any, form: Form) -> None:
        self.form = form
        self.person = office.person(scenes.person(form.who).username)
        self.page, self.path = self.person.page, form.page()
        self.sent: list[str] = []
        self.values = {name: value for name, value in form.values().items() if not isinstance(value, UploadedFile)}
        self.person.goes(self.path)

    @property
    def own(self) -> str:
        return f"form:has([name=opened_form][value^='{self.form.key}-'])"

    def fill(self) -> None:
        self.page.evaluate(FILL, [self.form.key, self.values])

    def lose_network(self) -> None:
        def lose(route: Any) -> None:
            if route.request.method == "POST" and "/like/" not in route.request.url:
                self.sent.append(route.request.post_data or "")
                route.abort()
            else:
                route.continue_()

        self.page.route("**/*", lose)

    def sends_by(self, act: Callable[[], Any]) -> str:
        """What leaves the page by this act; empty if nothing does."""
        self.sent.clear()
        act()
        self.page.wait_for_timeout(150)
        return self.sent[-1] if self.sent else ""


@pytest.fixture
def trial(office: Any) -> Any:
    yield lambda name: Trial(office, FORMS[name])
    office.complaints.clear()


def test_keys_choose_and_only_what_is_chosen_is_sent(trial: Any) -> None:
    one = trial("decide")
    one.fill()
    one.lose_network()
    one.page.focus("#decision-text")
    assert one.sends_by(lambda: one.page.keyboard.press("Control+Enter")) == ""
    one.page.evaluate("document.activeElement.blur()")
    for key, way in one.form.ways.items():
        assert one.sends_by(lambda key=key: one.page.keyboard.press(key)) == ""
        assert one.page.evaluate(CHOSEN) == [way]
        sent = one.sends_by(lambda: one.page.keyboard.press("Control+Enter"))
        assert re.findall(r"choice=(\w+)", sent) == [way]
        sent = one.sends_by(lambda way=way: one.page.click(f"[data-way][value={way}]"))
        assert re.findall(r"choice=(\w+)", sent) == [way]
        sent = one.sends_by(lambda way=way: one.page.locator(f"[data-way][value={way}]").press("Enter"))
        assert re.findall(r"choice=(\w+)", sent) == [way]
        one.page.evaluate("document.activeElement.blur()")


TEXT = {
    "log_handling": "what",
    "communicate": "text",
    "decide": "text",
    "complete": "result",
    "return_for_completion": "missing",
}


@pytest.mark.parametrize("name", TEXT)
def test_a_form_loses_nothing_and_counts_once(trial: Any, name: str) -> None:
    one = trial(name)
    page, key, typed = one.page, one.form.key, one.values
    text = TEXT[name]
    one.fill()
    page.reload()
    assert page.evaluate(SHOWN, [key, text]) == [typed[text]]

    other = page.context.new_page()
    other.goto(one.path)
    assert other.evaluate(SHOWN, [key, text]) != [typed[text]]
    other.close()

    def sending() -> None:
        for way in list(one.form.ways)[:1]:
            page.keyboard.press(way)
        page.locator(f"{one.own} [name={text}]").press("Control+Enter")

    one.lose_network()
    assert one.sends_by(sending) != ""
    page.wait_for_selector("#failed:not([hidden])")
    page.unroute("**/*")

    cookies = [each for each in page.context.cookies() if each["name"] == settings.SESSION_COOKIE_NAME]
    kept = list(Session.objects.values("session_key", "session_data", "expire_date"))
    Session.objects.all().delete()
    sending()
    page.wait_for_selector("#failed [data-sign-in]:not([hidden])")
    assert page.url.endswith(one.path)
    assert page.evaluate(SHOWN, [key, text]) == [typed[text]]

    Session.objects.bulk_create(Session(**each) for each in kept)
    # Signed in again in another window: the session is there, the token of this page is an old one's.
    page.context.add_cookies(cookies)
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    with page.expect_navigation():
        page.click("[data-retry]")
    page.wait_for_load_state("networkidle")
    assert SentForm.objects.count() == 1
    assert page.evaluate(DRAFTS) == []


@pytest.mark.parametrize("name", ["log_handling", "register", "communicate"])
def test_the_way_back_leads_to_the_same_form_which_counts_once(trial: Any, name: str) -> None:
    one = trial(name)
    page, send = one.page, f"{one.own} .btn-primary"
    one.fill()
    with page.expect_navigation():
        page.click(send)
    assert not page.url.endswith(one.path)
    page.go_back()
    page.wait_for_load_state("networkidle")
    one.fill()
    page.click(send)
    page.wait_for_selector("#failed:has-text('已保存过')")
    assert SentForm.objects.count() == 1
