"""A minor incident, solved while the customer is still on the phone."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import Declaration, State
from tests.browser.test_severe_incident import graded, opens, screened

pytestmark = pytest.mark.browser


def test_a_minor_incident_is_solved_in_the_first_contact(office: Any) -> None:
    desk = office.person("liusiyuan")
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
    desk.takes("close")
    declaration = Declaration.objects.get()
    assert declaration.state == State.CLOSED
    assert declaration.priority == 4
