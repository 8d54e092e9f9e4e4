"""Every page in both languages and themes, on a desk and on a phone: accessible, no wider than its screen, quiet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLPattern, get_resolver, resolve

from accounts.models import Department, RoleGrant
from incidents import actions
from incidents.models import Declaration
from sla.models import Contract
from sla.queries import default_calendar
from tests.browser.forms.articles import draft, proposed
from tests.browser.forms.workbook import handed_in
from tests.browser.people import PHONE, Person
from tests.escalation.test_deadlines import TWO_DAYS, agree
from tests.firm import BANK_A, LIU_DESK, LUO_BANK_B, contact
from tests.firm import person as colleague
from tests.scenes import Scene

pytestmark = pytest.mark.browser

AXE = {"preload": False, "resultTypes": ["violations"]}
WIDTHS = (360, 390, 1280)
# Each theme at each width, divided between the languages.
# A customer's words may turn the direction of writing; beside them everything stands in its order.
TURNED = ("\u202e对账单漏装", "\u202e客户来电，说本月对账单漏装一页。")
# The values of steps that people type.
WORDS = {"reason", "text", "opinion", "what", "result", "cause", "solution", "answer", "content", "missing"}
EXPOSED = """given => {
  const apart = style => style.unicodeBidi.startsWith('isolate') || !style.display.startsWith('inline');
  const whole = node => given.some(words => words.startsWith(node.data.trim().replace(/…$/, '')));
  const alone = node => [...node.parentElement.childNodes].every(one => one === node || !one.textContent.trim());
  const exposed = node => {
    const style = getComputedStyle(node.parentElement);
    if (node.data && !whole(node)) return true;
    if (/flex|grid/.test(style.display)) return false;
    return !alone(node) || (!apart(style) && exposed(node.parentElement));
  };
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const typed = ['TEXTAREA', 'OPTION'].includes(node.parentElement.tagName);
    const open = node.data.replace(/\\u2068[^\\u2069]*\\u2069/g, '').includes(given[0][0]);
    if (open && !typed && exposed(node)) found.push(node.parentElement.outerHTML.slice(0, 160));
  }
  return found;
}"""
LOOKS = {"zh": (("light", 1280), ("dark", 390)), "en": (("light", 390), ("dark", 1280))}


class TurnedScene(Scene):
    """Calls and steps whose words turn the direction of writing."""

    def do(self, action: Callable[..., Any], declaration: Declaration, by: str, **values: Any) -> Declaration:
        turned = dict.fromkeys(values.keys() & WORDS, TURNED[1])
        return super().do(action, declaration, by, **{**values, **turned})

    def call(self, **changes: Any) -> actions.Call:
        words = dict(zip(("subject", "body"), TURNED, strict=True))
        return super().call(**{**words, **changes})


def violations(person: Person) -> list[tuple[str, list[Any]]]:
    found = Axe().run(person.page, options=AXE).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def faults(person: Person, path: str, looks: tuple[tuple[str, int], ...]) -> list[str]:
    """What is wrong with one page, and at which width and in which theme."""
    found = []
    answer = person.page.goto(path)
    # An odd period is answered with the page that says so.
    if answer.status >= 400 and answer.status != 422:
        found.append(f"{path} answers {answer.status}")
    found += [f"{path} is turned by {one}" for one in person.page.evaluate(EXPOSED, list(TURNED))]
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 844})
        if (needed := needed_width(person, width)) > width:
            found.append(f"{path} needs {needed} px of {width}")
    for theme, width in looks:
        person.page.emulate_media(color_scheme=theme)
        person.page.set_viewport_size({"width": width, "height": 844})
        found += [f"{path} {theme} {width}: {one}" for one in violations(person)]
    return found


def needed_width(person: Person, width: int) -> int:
    """How wide the page is once it stands; a chart follows its box a moment later."""
    needed = int(person.page.evaluate("document.documentElement.scrollWidth"))
    if needed > width:
        person.page.wait_for_timeout(500)
        needed = int(person.page.evaluate("document.documentElement.scrollWidth"))
    return needed


def visits(scene: Scene) -> dict[str, list[str]]:
    """Who looks at which pages; a new page is named here, or in ELSEWHERE with the test that looks at it."""
    severe = scene.requested().number
    screened, filed = scene.screened().number, scene.filed().number
    closed = scene.closed()
    scene.do(actions.give_opinion, scene.request_review(), scene.head, agrees=True, text="可以提供")
    handed, problem = scene.handed_over().number, problem_of(scene.countersigned())
    calendar, contract = default_calendar().pk, Contract.objects.get(customer__code=scene.customer).pk
    department = Department.objects.order_by("pk")[0].pk
    caller, customer = contact(scene.contact).pk, contact(scene.contact).customer_id
    desk, grant = colleague(LIU_DESK).pk, RoleGrant.objects.get(role="auditor").pk
    planned = handed_in()
    wrong = planned.rows.get(outcome="refused")
    # So that a due time would move, and the page that shows it has a row.
    agree(Contract.objects.get(pk=contract), targets={2: TWO_DAYS})
    ticked = f"selected={scene.in_progress().pk}&selected={closed.pk}"
    return {
        "liusiyuan": [
            "/",
            "/?view=waiting",
            "/register/",
            f"/register/?linked={filed}",
            "/records/",
            "/records/?view=all&q=SD&state=filed,closed",
            "/records/?q=nothing-like-it",
            f"/records/reassign/?{ticked}",
            "/team/",
            f"/team/{desk}/",
            f"/records/{severe}/do/remind/",
            f"/records/{severe}/",
            f"/records/{severe}/do/resolve/",
            f"/records/{scene.accepted().number}/do/screen_as_incident/",
            f"/records/{screened}/do/classify/",
            f"/records/{screened}/do/solve_in_first_contact/",
            f"/records/{scene.classified().number}/do/look_up/",
            f"/records/{scene.resolved().number}/draft/",
            f"/records/{filed}/",
            f"/records/{filed}/form/",
            f"/records/print/?{ticked}",
            "/handovers/",
            "/problems/",
            "/notifications/",
            "/knowledge/",
            "/knowledge/KB-002/",
            "/knowledge/KB-002/1.0/",
            "/knowledge/new/",
            f"/knowledge/{draft().code}/edit/",
            f"/knowledge/{draft().code}/propose/",
            "/customers/",
            f"/customers/{customer}/",
            f"/customers/{customer}/contacts/new/",
            f"/customers/{customer}/contacts/merge/?gone={scene.contact}&kept={LUO_BANK_B}",
            f"/customers/{customer}/contacts/{caller}/",
            "/procedure/",
            "/password/",
            "/password/forgotten/",
            "/password/asked/",
            "/my/",
            "/my/tokens/new/",
            "/my/absences/",
            "/my/absences/new/",
        ],
        "chenyuan": [
            "/",
            "/decisions/",
            f"/decisions/{severe}/",
            f"/records/{severe}/do/decide_escalation/",
            f"/problems/{problem}/",
            "/reports/",
            "/reports/?by=customer",
            "/reports/?since=never",
            "/reports/records/?figure=response",
            "/reports/records/?part=missed&level=1",
            "/settings/",
            "/settings/setup/",
            "/customers/new/",
            f"/customers/{customer}/change/",
            f"/customers/{customer}/merge/?kept={BANK_A}",
            f"/knowledge/{proposed().code}/approve/",
            f"/knowledge/{proposed().code}/return/",
            "/knowledge/KB-002/renew/",
            "/knowledge/KB-002/withdraw/",
            "/settings/contracts/",
            f"/settings/contracts/{contract}/",
            f"/settings/contracts/{contract}/terms/",
            "/settings/deadlines/",
            f"/records/{severe}/why/",
        ],
        "admin": [
            "/settings/",
            "/settings/setup/",
            "/settings/setup/procedure/",
            "/settings/setup/procedure/text/",
            "/settings/setup/workbook/",
            f"/settings/setup/workbook/{planned.pk}/",
            f"/settings/setup/workbook/{planned.pk}/?outcome=all",
            f"/settings/setup/workbook/{planned.pk}/rows/{wrong.sheet}/{wrong.row}/",
            "/settings/departments/",
            "/settings/departments/new/",
            f"/settings/departments/{department}/",
            f"/settings/departments/{department}/change/",
            f"/settings/departments/{department}/end/",
            "/settings/people/",
            "/settings/people/new/",
            f"/settings/people/{desk}/",
            f"/settings/people/{desk}/change/",
            f"/settings/people/{desk}/leave/",
            f"/settings/people/{desk}/qualifications/new/",
            *(f"/settings/people/{desk}/grants/new/?way={way}" for way in ("customers", "head", "duty", "role")),
            f"/settings/grants/{grant}/end/",
            f"/settings/grants/{grant}/successor/",
            "/settings/calendars/",
            "/settings/calendars/new/",
            f"/settings/calendars/{calendar}/?year=2026",
            f"/settings/calendars/{calendar}/?day=2026-10-01",
            f"/settings/calendars/{calendar}/hours/",
            f"/settings/calendars/{calendar}/years/2027/load/",
            "/settings/contracts/new/",
            "/settings/channels/",
            "/settings/channels/new/",
            "/settings/dead-letters/",
            "/settings/outbox/",
            "/notifications/preferences/",
        ],
        "heshouzheng": ["/", "/decisions/"],
        "zhouyanqiu": ["/", "/problems/", f"/problems/{problem}/"],
        "xuwangchuan": ["/", "/handovers/", f"/handovers/{handed}/"],
        "zhengkexin": ["/", "/register/", "/filing/", f"/filing/{closed.number}/"],
        "fengchiheng": ["/audit/", f"/audit/{filed}/", f"/records/{filed}/", "/reports/"],
    }


def problem_of(declaration: Declaration) -> str:
    declaration.refresh_from_db()
    return declaration.problem_number


# Answers that are no pages of their own: parts of one, files, and what a form is sent to.
PARTS = frozenset(
    """
    healthz set_language time next-work form-token sign-out notifications-seen notification-preferences record-form-pdf
    audit-correct audit-finding audit-verify audit-start audit-conclude audit-find audit-sign audit-findings command
    decide records-export save-view forget-view record-screen record-party record-why record-follows record-file
    record-preview record-annex record-watch record-unremind register-contacts register-caller register-like
    reports-table record-acknowledge
    department-reopen person-reopen person-password-link person-password-letter password-link my-token-revoke my-theme
    setup-confirm live live-frame workbook-export workbook-progress workbook-marked workbook-step
    """.split()
)
# Not looked at here yet: what settings of the outbox hold, the recount of one calendar or contract, the end of an
# absence, and what needs an open link or a desk without any account.
ELSEWHERE = (
    *("channels", "bot", "dead-letter", "outbox", "kept-message", "calendar-", "recount", "sign-in"),
    *("absence-end", "absence-decline", "password-set", "start"),
)


def names(patterns: Any) -> Iterator[str]:
    """The names of all addresses below, those of the interface for programs left out."""
    for one in patterns:
        if isinstance(one, URLPattern):
            yield str(one.name)
        elif not str(one.pattern).startswith("api/"):
            yield from names(one.url_patterns)


def test_no_page_is_left_out(office: Any) -> None:
    seen = {resolve(path.partition("?")[0]).url_name for paths in visits(Scene()).values() for path in paths}
    wanted = {name for name in names(get_resolver().url_patterns) if not name.startswith(ELSEWHERE)}
    assert wanted - seen - PARTS == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_accessible_and_fits(office: Any, language: str) -> None:
    found = []
    for login, paths in visits(TurnedScene()).items():
        person = office.person(login)
        if language == "en":
            switches_language(person)
        for path in paths:
            found += faults(person, path, LOOKS[language])
    assert not found, "\n".join(found)


def test_words_that_turn_what_stands_beside_them_are_found(page: Any) -> None:
    page.set_content(f"<main><p>SD-1 {TURNED[0]}</p><p>SD-1 <bdi>{TURNED[0]}</bdi></p></main>")
    assert [one[:3] for one in page.evaluate(EXPOSED, list(TURNED))] == ["<p>"]


def switches_language(person: Person) -> None:
    person.page.click(".user-menu > summary")
    person.clicks_on(".user-menu [name=language]")


def test_the_language_is_switched_there_and_back(office: Any) -> None:
    desk = office.person("liusiyuan")
    assert desk.page.get_attribute("html", "lang") == "zh-CN"
    switches_language(desk)
    assert desk.page.get_attribute("html", "lang") == "en"
    assert "My desk" in desk.reads("nav.side")
    switches_language(desk)
    assert "工作台" in desk.reads("nav.side")


def test_the_theme_is_switched_and_kept(office: Any) -> None:
    desk = office.person("liusiyuan")
    desk.page.click(".user-menu > summary")
    with desk.page.expect_response("**/my/theme/"):
        desk.page.click(".user-menu [data-theme-switch]")
    assert desk.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    desk.page.reload()
    assert desk.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    another = office.person("liusiyuan")
    assert another.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    another.goes("/my/")
    another.page.click("label:has([name=theme][value=device])")
    with another.page.expect_navigation():
        another.page.click("form .btn-primary")
    assert another.page.evaluate("document.documentElement.dataset.bsTheme") == "light"


def test_a_step_is_taken_on_a_phone_by_the_bar_at_the_bottom(office: Any) -> None:
    declaration = Scene().in_progress("severe", "high")
    desk = office.person("liusiyuan", viewport=PHONE, has_touch=True, is_mobile=True)
    desk.goes(f"/records/{declaration.number}/")
    bar = desk.page.locator(".action-bar").bounding_box()
    assert bar["y"] + bar["height"] >= PHONE["height"] - 4
    button = desk.page.locator(".action-bar .btn-primary")
    assert button.bounding_box()["height"] >= 44
    with desk.page.expect_navigation():
        button.tap()
    desk.fills(reason="影响程度严重")
    with desk.page.expect_navigation():
        desk.page.tap("#step form[data-main] .btn-primary")
    declaration.refresh_from_db()
    assert declaration.escalation_state == "requested"


def test_a_password_link_is_shown_whole_on_a_phone(office: Any) -> None:
    admin = office.person("admin", viewport=PHONE)
    admin.goes(f"/settings/people/{colleague(LIU_DESK).pk}/")
    admin.page.click("form[action$='/password-link/'] button")
    admin.page.wait_for_selector(".link-shown code")
    assert needed_width(admin, PHONE["width"]) <= PHONE["width"]
