"""A minor incident, solved while the customer is still on the phone."""

from __future__ import annotations

from typing import Any

import pytest

from incidents import actions
from incidents.models import Declaration, State
from tests.browser.test_severe_incident import graded, opens, screened
from tests.firm import LIU_DESK, staff
from tests.scenes import Scene

pytestmark = pytest.mark.browser


def test_a_minor_incident_is_solved_in_the_first_contact(office: Any) -> None:
    desk = office.newcomer("liusiyuan")
    desk.goes("/register/")
    desk.page.fill("#id_caller", "13900002001")
    desk.page.fill("#id_subject", "封装机标签错位")
    desk.page.fill("#id_body", "标签错位，不影响投递。")
    desk.clicks_on("#register [name=act][value=screen]")
    screened(desk)
    opens(desk, "classify")
    graded(desk, "EQP-03", "minor:low", "四级", "")
    desk.sends()
    desk.takes("look_up", reason="没有同类处置")
    desk.chooses("quick_solve", solution="电话里指导重新校准，标签已对齐")
    desk.chooses("confirm", satisfaction="5")
    declaration = Declaration.objects.get()
    assert declaration.state == State.CLOSED
    assert declaration.priority == 4


def test_a_screened_minor_incident_is_solved_on_one_page_with_one_click(office: Any) -> None:
    scene = Scene()
    declaration = scene.do(actions.screen_as_incident, accept_mail(scene), LIU_DESK, **scene.party())
    desk = office.person("liusiyuan")
    desk.goes(f"/records/{declaration.number}/")
    desk.clicks_on(".action-bar a[href$='/do/solve_in_first_contact/']")
    desk.picks("[name=leaf][value=EQP-03]")
    desk.picks("[name=cell][value='minor:low']")
    desk.page.wait_for_selector("#grade-due:not(:empty)")
    desk.page.fill("#id_solution", "电话里指导重新校准，标签已对齐")
    desk.page.fill("#id_query", "标签")
    desk.page.click("[name=search]")
    desk.page.wait_for_selector("fieldset[data-focus]:focus")
    assert desk.page.input_value("#id_solution") == "电话里指导重新校准，标签已对齐"
    assert desk.page.is_checked("[name=leaf][value=EQP-03]")
    desk.picks("[name=adopted][value=none]")
    desk.page.fill("#id_reason", "没有同类处置")
    desk.sends("form[data-main] .btn-primary")
    declaration.refresh_from_db()
    assert (declaration.state, declaration.quick_solved) == (State.RESOLVED, True)
    assert declaration.first_response_at <= declaration.resolved_at
    told = desk.reads("#timeline")
    for step in ("即时解决", "首次响应", "知识库查询“标签”", "分类分级"):
        assert step in told, told


def accept_mail(scene: Scene) -> Declaration:
    return actions.accept(scene.call(channel="email"), actor=staff(scene.desk))
