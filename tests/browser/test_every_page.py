"""Every page in both languages and themes, on a desk and on a phone: accessible, no wider than its screen, quiet."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from sla.models import Contract
from sla.queries import default_calendar
from tests.browser.people import PHONE, Person
from tests.escalation.test_deadlines import TWO_DAYS, agree
from tests.scenes import Scene

pytestmark = pytest.mark.browser

AXE = {"preload": False, "resultTypes": ["violations"]}
WIDTHS = (360, 390, 1280)
# Each theme at each width, divided between the languages.
LOOKS = {"zh": (("light", 1280), ("dark", 390)), "en": (("light", 390), ("dark", 1280))}


def violations(person: Person) -> list[tuple[str, list[Any]]]:
    found = Axe().run(person.page, options=AXE).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def faults(person: Person, path: str, looks: tuple[tuple[str, int], ...]) -> list[str]:
    """What is wrong with one page, and at which width and in which theme."""
    found = []
    person.goes(path)
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 844})
        if (needed := person.page.evaluate("document.documentElement.scrollWidth")) > width:
            found.append(f"{path} needs {needed} px of {width}")
    for theme, width in looks:
        person.page.emulate_media(color_scheme=theme)
        person.page.set_viewport_size({"width": width, "height": 844})
        found += [f"{path} {theme} {width}: {one}" for one in violations(person)]
    return found


def visits(scene: Scene) -> dict[str, list[str]]:
    """Who looks at which pages."""
    severe = scene.requested().number
    screened, filed = scene.screened().number, scene.filed().number
    calendar, contract = default_calendar().pk, Contract.objects.get(customer__code=scene.customer).pk
    # So that a due time would move, and the page that shows it has a row.
    agree(Contract.objects.get(pk=contract), targets={2: TWO_DAYS})
    return {
        "liusiyuan": [
            "/",
            "/register/",
            "/records/",
            "/records/?view=all&q=SD",
            "/records/?q=nothing-like-it",
            f"/records/{severe}/",
            f"/records/{severe}/do/resolve/",
            f"/records/{scene.accepted().number}/do/screen_as_incident/",
            f"/records/{screened}/do/classify/",
            f"/records/{scene.classified().number}/do/look_up/",
            f"/records/{filed}/",
            "/notifications/",
            "/knowledge/",
            "/procedure/",
            "/password/",
        ],
        "chenyuan": [
            "/",
            f"/records/{severe}/do/decide_escalation/",
            "/reports/",
            "/reports/?by=customer",
            "/reports/?since=never",
            "/reports/records/?figure=response",
            "/reports/records/?part=missed&level=1",
            "/settings/",
            "/settings/contracts/",
            f"/settings/contracts/{contract}/",
            f"/settings/contracts/{contract}/terms/",
            "/settings/deadlines/",
            f"/records/{severe}/why/",
        ],
        "admin": [
            "/settings/",
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
        "zhengkexin": ["/", "/register/"],
        "fengchiheng": ["/audit/", f"/audit/{filed}/", f"/records/{filed}/"],
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_accessible_and_fits(office: Any, language: str) -> None:
    found = []
    for login, paths in visits(Scene()).items():
        person = office.person(login)
        if language == "en":
            switches_language(person)
        for path in paths:
            found += faults(person, path, LOOKS[language])
    assert found == []


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
    desk.page.click(".user-menu [data-theme-switch]")
    assert desk.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    desk.page.reload()
    assert desk.page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


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
