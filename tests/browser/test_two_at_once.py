"""Two people on one record: nothing that was typed is lost, and nothing is done twice."""

from __future__ import annotations

from typing import Any

import pytest

from incidents import actions
from incidents.models import Declaration, HandlingStep, State
from tests.scenes import Scene

pytestmark = pytest.mark.browser


def taken_over() -> Declaration:
    """A severe incident on which both desk and head may write."""
    scene = Scene()
    declaration = scene.in_progress("severe", "high")
    declaration = scene.do(actions.report_up, declaration, scene.desk, reason="须跨项目调配", desk_cannot_solve=True)
    return scene.do(actions.take_over, declaration, scene.head, answer="由我出面")


def test_the_second_of_two_sees_both_versions_and_saves_the_own(office: Any) -> None:
    declaration = taken_over()
    page = f"/records/{declaration.number}/do/write_plan/"
    desk, head = office.person("liusiyuan"), office.person("chenyuan")
    for person in (desk, head):
        person.goes(page)
    head.fills(text="由备份恢复，今晚完成")
    head.sends()
    desk.fills(text="补寄并复核同批次")
    desk.page.click("#step form[data-main] .btn-primary")
    desk.page.wait_for_selector("#step [role=alert]")
    shown = desk.reads("#step")
    assert "陈予安" in shown
    assert "由备份恢复" in shown
    assert "补寄并复核同批次" in shown
    desk.sends()
    declaration.refresh_from_db()
    assert declaration.plan == "补寄并复核同批次"


def test_what_only_adds_is_saved_on_top_of_the_other(office: Any) -> None:
    declaration = taken_over()
    page = f"/records/{declaration.number}/do/log_handling/"
    desk, head = office.person("liusiyuan"), office.person("chenyuan")
    for person, what in ((desk, "核对批次"), (head, "协调人手")):
        person.goes(page)
        person.fills(what=what, result="完成")
    head.sends()
    desk.page.click("#step form[data-main] .btn-primary")
    desk.page.wait_for_selector("#step [role=alert]")
    desk.sends()
    assert {step.what for step in HandlingStep.objects.filter(declaration=declaration)} == {"核对批次", "协调人手"}


def test_the_way_back_after_a_step_says_why_it_cannot_be_taken_again(office: Any) -> None:
    declaration = Scene().looked_up()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/do/start/")
    desk.sends()
    desk.page.go_back()
    desk.page.wait_for_load_state("networkidle")
    if desk.page.locator("#step form[data-main]").count():
        desk.page.click("#step form[data-main] .btn-primary")
    desk.page.wait_for_selector("#step [role=alert]")
    assert desk.page.locator("#step [role=alert] a").count()
    declaration.refresh_from_db()
    assert declaration.state == State.IN_PROGRESS


def test_two_clicks_on_a_step_do_it_once(office: Any) -> None:
    declaration = Scene().in_progress()
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/do/log_handling/")
    desk.fills(what="补寄", result="已寄出")
    with desk.page.expect_navigation():
        desk.page.dblclick("#step form[data-main] .btn-primary")
    assert HandlingStep.objects.filter(declaration=declaration).count() == 1
