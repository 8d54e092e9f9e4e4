"""What a page becomes while one works on it: accessible, and no wider than its screen, in both themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from incidents import actions
from tests.browser.people import Person
from tests.browser.test_every_page import needed_width, violations
from tests.browser.test_two_at_once import taken_over
from tests.incidents.test_striking_out import name
from tests.scenes import Scene

pytestmark = pytest.mark.browser

THEMES = ("light", "dark")
WIDTHS = (1280, 390)
HANDLING = "/records/{}/do/log_handling/"


def faults(person: Person, state: str) -> list[str]:
    """What is wrong with what stands on the screen, at which width and in which theme."""
    found = []
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 844})
        if (needed := needed_width(person, width)) > width:
            found.append(f"{state} needs {needed} px of {width}")
        for theme in THEMES:
            person.page.emulate_media(color_scheme=theme)
            found += [f"{state} {theme} {width}: {one}" for one in violations(person)]
    person.page.set_viewport_size({"width": 1280, "height": 844})
    person.page.emulate_media(color_scheme="light")
    return found


def opens_in_place(desk: Person) -> str:
    number = Scene().in_progress().number
    desk.goes(f"/records/{number}/")
    desk.presses(".")
    desk.page.wait_for_selector("#step form[data-main]")
    return number


def with_files(desk: Person) -> None:
    opens_in_place(desk)
    long = {"name": "一份名字很长的对账单" * 8 + ".txt", "mimeType": "text/plain", "buffer": b"a"}
    desk.page.set_input_files("#step input[type=file]", long)


def refused_in_place(desk: Person) -> None:
    opens_in_place(desk)
    desk.presses("Control+Enter")
    desk.page.wait_for_selector("#step [aria-invalid=true]")


def refused_call(desk: Person) -> None:
    desk.goes("/register/")
    desk.presses("Control+Enter")
    desk.page.wait_for_selector("[aria-invalid=true]")


def conflict(desk: Person) -> None:
    declaration, scene = taken_over(), Scene()
    desk.goes(f"/records/{declaration.number}/do/write_plan/")
    scene.do(actions.write_plan, declaration, scene.head, text="由备份恢复，今晚完成。" * 20)
    desk.fills(text="补寄并复核同批次。" * 20)
    desk.page.click("#step form[data-main] .btn-primary")
    desk.page.wait_for_selector("#step [role=alert]")


def not_possible(desk: Person) -> None:
    desk.goes(f"/records/{Scene().in_progress().number}/do/close/")


def struck_out(desk: Person) -> None:
    scene = Scene()
    declaration = scene.in_progress()
    declaration = scene.do(actions.log_handling, declaration, scene.desk, what="补寄", result="已寄出")
    scene.do(
        actions.strike_out, declaration, scene.desk, row=name(declaration.handlingstep_rows.last()), reason="记错了"
    )
    desk.goes(f"/records/{declaration.number}/")


def all_commands(desk: Person) -> None:
    desk.goes(f"/records/{Scene().in_progress().number}/")
    desk.presses("Control+k")
    desk.types("SD")
    desk.page.wait_for_selector("#command-records a")


def all_keys(desk: Person) -> None:
    desk.goes(f"/records/{Scene().in_progress().number}/")
    desk.presses("?")
    desk.page.wait_for_selector("#keys[open]")


def more_actions(desk: Person) -> None:
    desk.goes(f"/records/{Scene().in_progress().number}/")
    desk.page.click(".action-bar details.menu > summary")


def found_people(desk: Person) -> None:
    desk.goes("/register/")
    desk.types("1")
    desk.page.wait_for_selector("[role=option]")


def selected_lines(desk: Person) -> None:
    Scene().in_progress()
    desk.goes("/records/")
    desk.page.click("[data-select] >> nth=0", force=True)


STATES: dict[str, Callable[[Person], Any]] = {
    one.__name__: one
    for one in (
        *(opens_in_place, with_files, refused_in_place, refused_call, conflict, not_possible, struck_out),
        *(all_commands, all_keys, more_actions, found_people, selected_lines),
    )
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_accessible_and_fits(office: Any, state: str) -> None:
    desk = office.person("liusiyuan")
    STATES[state](desk)
    assert faults(desk, state) == []


@pytest.mark.parametrize("path", ["/", "/records/", "/handovers/", "/team/", "/notifications/", "/my/absences/"])
def test_every_empty_page_is_accessible_and_says_what_to_do(office: Any, path: str) -> None:
    desk = office.person("liusiyuan")
    desk.goes(path)
    assert faults(desk, path) == []
