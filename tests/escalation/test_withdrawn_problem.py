"""Risk control objects, the head refuses after all: the problem that the approval raised is taken back, not deleted."""

from __future__ import annotations

import pytest

from desk.queries.work import work_of
from escalation import actions as escalation
from escalation.models import Problem
from escalation.queries import incidents_of, problems
from incidents.access import capacities
from incidents.models import Declaration
from ledger.exceptions import NotPossible
from ledger.models import Entry
from ledger.verification import compare, verify
from notifications.models import Notification
from tests import scenes
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, ZHOU_HEAD, person, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()


def decide(declaration: Declaration, *, approved: bool, reason: str = "已定位，无须立案") -> Declaration:
    return SCENE.do(escalation.decide_escalation, declaration, CHEN_HEAD, approved=approved, reason=reason)


def countersign(declaration: Declaration, *, agrees: bool) -> Declaration:
    return SCENE.do(escalation.countersign, declaration, HE_RISK, agrees=agrees, opinion="依据不足")


def refused_after_all() -> Declaration:
    return decide(countersign(SCENE.decided(), agrees=False), approved=False)


def told(event: str) -> set[str]:
    return set(Notification.objects.filter(event=event).values_list("user__employee_number", flat=True))


def test_an_objection_alone_leaves_the_problem_where_it_is() -> None:
    declaration = countersign(SCENE.decided(), agrees=False)
    assert Problem.objects.get().withdrawn_at is None
    assert declaration.problem_number == Problem.objects.get().number


def test_a_refusal_withdraws_it_with_the_reason_and_both_sides_hear_of_it() -> None:
    declaration = refused_after_all()
    problem = Problem.objects.get()
    assert (problem.withdrawn_at, problem.withdrawn_by) == (scenes.MONDAY, person(CHEN_HEAD))
    assert (problem.withdrawal_reason, declaration.problem_number) == ("已定位，无须立案", "")
    assert told("problem.withdrawn") == {ZHOU_HEAD, LIU_DESK}
    actions = Entry.objects.filter(stream=problem.stream).order_by("sequence").values_list("action", flat=True)
    assert list(actions) == ["raise_problem", "withdraw_problem"]
    assert list(verify()) == []
    assert compare(problem) is None


def test_problem_management_still_sees_it_and_has_nothing_to_receive() -> None:
    declaration = refused_after_all()
    manager, problem = staff(ZHOU_HEAD), Problem.objects.get()
    assert list(problems(manager)) == [problem]
    assert "problem" not in work_of(manager).duties
    assert incidents_of(manager, problem) == [declaration]
    assert capacities(manager, declaration).keys() >= {"problem_manager"}
    with pytest.raises(NotPossible, match="was withdrawn"):
        escalation.acknowledge_problem(problem.pk, version=None, actor=manager, reference="P-7")


def test_a_refusal_at_once_withdraws_nothing() -> None:
    decide(SCENE.requested(), approved=False)
    assert not Problem.objects.exists()
    assert told("problem.withdrawn") == set()


def test_approved_again_after_an_objection_it_is_the_same_problem_to_be_received_anew() -> None:
    declaration = SCENE.decided()
    problem = Problem.objects.get()
    escalation.acknowledge_problem(problem.pk, version=None, actor=staff(ZHOU_HEAD), reference="P-7")
    declaration = decide(countersign(declaration, agrees=False), approved=False)
    assert Problem.objects.get().acknowledged_by == person(ZHOU_HEAD)
    declaration = decide(countersign(declaration, agrees=False), approved=True)
    problem.refresh_from_db()
    assert (problem.withdrawn_at, problem.withdrawal_reason, problem.is_awaited) == (None, "", True)
    assert declaration.problem_number == problem.number
    declaration = countersign(declaration, agrees=True)
    assert declaration.escalation_state == "settled"
