"""The jobs of a day, done by keys alone: how many pages, keys and seconds each takes, beside the goals."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from audit.models import Review
from incidents import actions
from incidents.models import Declaration, State
from tests.browser.people import Office, Person
from tests.firm import contact
from tests.scenes import Scene

pytestmark = pytest.mark.browser

MOST_KEYS, MOST_TABS = 6, 10
FOCUS = "document.activeElement.name || document.activeElement.id || document.activeElement.tagName"


@dataclass
class Step:
    """What one form took beyond the text that was typed into it; Tab is counted apart."""

    name: str
    keys: int = 0
    tabs: int = 0


@dataclass
class Job:
    """What somebody did from the first key to the last: the pages that were loaded, and each step."""

    name: str
    pages: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0

    def told(self, most_pages: int) -> str:
        keys, tabs = (max(getattr(step, name) for step in self.steps) for name in ("keys", "tabs"))
        worst = max(self.steps, key=lambda step: step.keys + step.tabs).name
        return (
            f"{self.name}: {len(self.pages)} pages (goal {most_pages}), {len(self.steps)} steps, at most {keys} keys"
            f" (goal {MOST_KEYS}) and {tabs} Tab (goal {MOST_TABS}) a step (most: {worst}),"
            f" {sum(step.keys + step.tabs for step in self.steps)} keys in all, {self.seconds:.1f} s"
        )


class Hands:
    """Somebody without a mouse, whose keys are counted."""

    def __init__(self, person: Person, job: Job) -> None:
        self.person, self.page, self.job = person, person.page, job

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.job.steps.append(Step(name))
        yield

    def press(self, *keys: str) -> None:
        for key in keys:
            if key.endswith("Tab"):
                self.job.steps[-1].tabs += 1
            else:
                self.job.steps[-1].keys += 1
            self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, name: str) -> None:
        """Go on with Tab until the field of that name has the focus."""
        for _press in range(40):
            if self.focus() == name:
                return
            self.press("Tab")
        raise AssertionError(f"{name} is not reached by Tab from {self.job.steps[-1]}, focus is {self.focus()}")

    def writes(self, name: str, text: str) -> None:
        self.tab_to(name)
        self.types(text)

    def focus(self) -> str:
        return str(self.page.evaluate(FOCUS))

    def opens(self, key: str, verb: str) -> None:
        """Press the letter of a step and wait for its form."""
        self.press(key)
        self.waits_for(verb)

    def waits_for(self, verb: str) -> None:
        self.page.wait_for_selector(f"#step form[action$='/do/{verb}/']")

    def goes_by(self, *keys: str) -> None:
        """Press keys that lead to another page."""
        with self.page.expect_navigation():
            self.press(*keys)

    def sends(self, key: str = "Control+Enter") -> None:
        with self.page.expect_navigation():
            self.press(key)


@contextmanager
def job(office: Office, login: str, name: str) -> Iterator[Hands]:
    person = office.person(login)
    person.page.wait_for_load_state("networkidle")
    done = Job(name)
    person.page.on("load", lambda page: done.pages.append(page.url))
    begun = time.perf_counter()
    yield Hands(person, done)
    person.page.wait_for_load_state("load")
    done.seconds = time.perf_counter() - begun


def judged(done: Job, most_pages: int, record_property: Any) -> None:
    record_property("job", done.told(most_pages))
    assert len(done.pages) <= most_pages, done.pages
    assert max(step.keys for step in done.steps) <= MOST_KEYS
    assert max(step.tabs for step in done.steps) <= MOST_TABS


def logs(hands: Hands, digits: str, subject: str, body: str, key: str) -> None:
    with hands.step("log"):
        with hands.page.expect_navigation():
            hands.press("n")
        hands.page.wait_for_selector("#register")
        hands.types(digits)
        hands.page.wait_for_selector(f"[role=option][aria-selected=true]:has-text('{digits}')")
        hands.press("Enter")
        hands.page.wait_for_selector(".caller-card")
        hands.types(subject)
        hands.press("Enter")
        hands.types(body)
        hands.sends(key)


def test_a_call_is_logged(office: Any, record_property: Any) -> None:
    with job(office, "liusiyuan", "log a call") as hands:
        logs(hands, "2001", "封装机标签错位", "标签错位，不影响投递。", "Control+Enter")
    assert Declaration.objects.count() == 1
    judged(hands.job, 2, record_property)


def test_a_minor_incident_goes_from_the_call_to_its_closing(office: Any, record_property: Any) -> None:
    with job(office, "liusiyuan", "minor, from call to closed") as hands:
        logs(hands, "2001", "封装机标签错位", "标签错位，不影响投递。", "Control+Shift+Enter")
        with hands.step("screen"):
            hands.page.wait_for_selector("#step [name=valid]:focus")
            hands.press("1", "1", "1")
            hands.sends("Control+Shift+Enter")
        with hands.step("solve in first contact"):
            hands.page.wait_for_selector("#step .leaves-filter:focus")
            hands.types("非生产")
            hands.press("Enter")
            hands.press("3")
            hands.writes("reason", "没有同类处置")
            hands.writes("solution", "电话里指导重新校准，标签已对齐")
            hands.tab_to("agreed")
            hands.press("Space")
            hands.sends()
    assert Declaration.objects.get().state == State.CLOSED
    judged(hands.job, 4, record_property)


def test_a_severe_incident_goes_from_the_call_to_its_closing(office: Any, record_property: Any) -> None:
    """What the desk does; head and risk control decide in between, in jobs of their own."""
    with job(office, "wangxiaozhou", "severe, from call to closed") as hands:
        logs(hands, "1001", "影像录入系统全行停摆", "录入系统从九点五十起无法登录。", "Control+Shift+Enter")
        with hands.step("screen"):
            hands.page.wait_for_selector("#step [name=valid]:focus")
            hands.press("1", "1", "1")
            hands.sends()
        with hands.step("classify"):
            hands.page.wait_for_selector("#step .leaves-filter:focus")
            hands.types("实时在线")
            hands.press("Enter")
            hands.press("1")
            hands.page.wait_for_selector("#grade-button:has-text('一级')")
            hands.writes("grading_basis", "全行录入停摆")
            hands.sends()
        with hands.step("read the contract's notes"):
            hands.waits_for("confirm_contract_notes")
            hands.sends("Enter")
        with hands.step("look up"):
            hands.waits_for("look_up")
            if hands.focus() != "reason":
                hands.press("0")
            hands.writes("reason", "没有同类处置")
            hands.sends()
        with hands.step("start"):
            hands.sends(".")
        with hands.step("request escalation"):
            hands.waits_for("request_escalation")
            hands.writes("reason", "影响程度严重")
            hands.sends()
        number = Declaration.objects.get().number
        decided(office, number)
        with hands.step("plan"):
            with hands.page.expect_navigation():
                hands.page.reload()
            hands.opens(".", "write_plan")
            hands.writes("text", "切换备用服务器，恢复登录后补录积压凭证")
            hands.sends()
        with hands.step("handle"):
            hands.waits_for("log_handling")
            hands.writes("what", "切换备用服务器")
            hands.writes("result", "登录恢复")
            hands.sends()
        with hands.step("resolve"):
            hands.waits_for("resolve")
            hands.writes("cause", "主服务器磁盘写满")
            hands.writes("solution", "切换备用服务器，积压凭证已补录")
            hands.tab_to("solution_kind")
            hands.press("1")
            hands.tab_to("agreed")
            hands.press("Space")
            hands.sends()
    assert Declaration.objects.get().state == State.CLOSED
    judged(hands.job, 12, record_property)


def decided(office: Office, number: str) -> None:
    for login, choice in (("chenyuan", "approve"), ("heshouzheng", "agree")):
        person = office.person(login)
        person.goes(f"/decisions/{number}/")
        person.decides(choice, "须查根因")


def test_the_head_decides(office: Any, record_property: Any) -> None:
    declaration = Scene().requested()
    with job(office, "chenyuan", "decide") as hands, hands.step("decide"):
        hands.goes_by("Enter")
        hands.press("y")
        hands.writes("text", "须查根因")
        hands.sends()
    declaration.refresh_from_db()
    assert declaration.escalation_state == "decided"
    judged(hands.job, 2, record_property)


def test_the_custodian_files(office: Any, record_property: Any) -> None:
    declaration = Scene().closed()
    with job(office, "zhengkexin", "file") as hands, hands.step("file"):
        hands.goes_by("Enter")
        hands.types("一部档案柜 A-12")
        hands.sends()
    declaration.refresh_from_db()
    assert declaration.state == State.FILED
    judged(hands.job, 2, record_property)


def severe_and_closed() -> Declaration:
    """An incident that has to be reviewed."""
    scene = Scene()
    declaration = scene.do(actions.resolve, scene.countersigned(), scene.desk, **scene.solution())
    confirming = {"contact": contact(scene.contact), "way": "phone", "satisfaction": 5}
    return scene.do(actions.close, scene.do(actions.confirm, declaration, scene.desk, **confirming), scene.desk)


def test_the_auditor_reviews(office: Any, record_property: Any) -> None:
    declaration = severe_and_closed()
    with job(office, "fengchiheng", "review") as hands:
        with hands.step("begin"):
            hands.goes_by("g", "s")
            hands.press("j")
            hands.goes_by("o")
            assert declaration.number in hands.page.url
            hands.sends(".")
        while hands.page.locator(".audit-verdict .blue").count():
            with hands.step("judge a clause"):
                hands.press("1")
                hands.sends()
        with hands.step("sign"):
            hands.writes("password", office.password)
            hands.sends("Enter")
    assert Review.objects.get().signed_at is not None
    judged(hands.job, 4 + len(hands.job.steps), record_property)
