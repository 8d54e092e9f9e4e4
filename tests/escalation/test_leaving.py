"""A declaration that is withdrawn, or turns out to be no incident, takes with it what the head was asked (T26, T27)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from escalation import actions as escalation
from escalation.models import EscalationRequest, Problem
from incidents import actions
from incidents.models import Declaration
from ledger.exceptions import NotPossible
from notifications.models import Notification
from tests import scenes
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, ZHOU_HEAD, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
Leave = Callable[[Declaration], Declaration]


def withdraw(declaration: Declaration) -> Declaration:
    return SCENE.do(escalation.withdraw, declaration, LIU_DESK, who="唐若宁", how="电话")


def correct(declaration: Declaration) -> Declaration:
    return SCENE.do(escalation.change_type, declaration, LIU_DESK, to="complaint", reason="客户实为投诉")


LEAVING = pytest.mark.parametrize("leave", [withdraw, correct])


def asked() -> Declaration:
    """A request that nothing obliged to."""
    return SCENE.do(escalation.request_escalation, SCENE.handled(), LIU_DESK, reason="疑似设备问题")


def told(event: str) -> set[str]:
    return set(Notification.objects.filter(event=event).values_list("user__employee_number", flat=True))


@LEAVING
def test_a_request_that_nobody_had_to_make_holds_nothing_up_and_lapses(leave: Leave) -> None:
    declaration = leave(asked())
    request = EscalationRequest.objects.get()
    assert (request.state, request.lapsed_at, declaration.escalation_state) == ("lapsed", scenes.MONDAY, "lapsed")
    assert request.decision_clock.next_check_at is None
    assert told("escalation.lapsed") == {CHEN_HEAD}
    with pytest.raises(NotPossible):
        escalation.decide_escalation(
            declaration.pk, version=None, actor=staff(CHEN_HEAD), approved=True, reason="须查根因"
        )


@LEAVING
def test_closing_waits_even_for_a_request_that_nobody_had_to_make(leave: Leave) -> None:
    declaration = SCENE.do(escalation.request_escalation, SCENE.confirmed(), LIU_DESK, reason="疑似设备问题")
    with pytest.raises(NotPossible, match="undecided"):
        actions.close(declaration.pk, version=None, actor=staff(LIU_DESK))
    leave(declaration)


@LEAVING
def test_a_refusal_that_waits_for_risk_control_lapses(leave: Leave) -> None:
    declaration = leave(SCENE.decided(approved=False))
    request = EscalationRequest.objects.get()
    assert (request.state, request.approved, declaration.escalation_state) == ("lapsed", False, "lapsed")
    assert request.countersign_clock.next_check_at is None
    assert told("escalation.lapsed") == {HE_RISK}


@LEAVING
def test_a_problem_that_was_raised_goes_on(leave: Leave) -> None:
    declaration = leave(SCENE.decided())
    problem = Problem.objects.get()
    assert (problem.withdrawn_at, declaration.problem_number) == (None, problem.number)
    assert declaration.escalation_state == "settled"
    escalation.acknowledge_problem(problem.pk, version=None, actor=staff(ZHOU_HEAD), reference="P-7")


@LEAVING
def test_a_settled_escalation_stays_as_it_was(leave: Leave) -> None:
    leave(SCENE.countersigned())
    assert EscalationRequest.objects.get().state == "countersigned"
    assert told("escalation.lapsed") == set()


def test_screened_as_an_incident_after_all_it_is_asked_anew() -> None:
    declaration = correct(SCENE.decided(approved=False))
    declaration = SCENE.do(actions.screen_as_incident, declaration, LIU_DESK, **SCENE.party())
    grading = actions.Grading("BIZ-01", "severe", "medium", basis="影响范围已核实")
    declaration = SCENE.do(actions.classify, declaration, LIU_DESK, grading=grading)
    assert declaration.escalation_state == "required"
    SCENE.do(escalation.request_escalation, declaration, LIU_DESK, reason="影响严重")
    assert sorted(EscalationRequest.objects.values_list("state", flat=True)) == ["lapsed", "requested"]
