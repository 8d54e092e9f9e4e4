"""The third of a customer and category asks for a problem; later ones join it, until the head refuses (A-08)."""

from __future__ import annotations

from datetime import datetime

import pytest

from base.clock import set_clock
from escalation import actions as escalation
from escalation.models import EscalationRequest, Problem
from escalation.queries import incidents_of
from incidents.models import Declaration
from tests import scenes
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, ZHOU_HEAD, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()


def october(day: int, hour: int = 10) -> datetime:
    return scenes.MONDAY.replace(month=10, day=day, hour=hour)


def repeat(day: int, impact: str = "minor") -> Declaration:
    with set_clock(october(day)):
        return SCENE.classified(impact, "low")


def thrice() -> Declaration:
    """The third of three, whose escalation is due."""
    return [repeat(day) for day in (12, 13, 14)][-1]


def ask(declaration: Declaration, day: int) -> EscalationRequest:
    with set_clock(october(day, 11)):
        return escalation.request_escalation(declaration.pk, version=None, actor=staff(LIU_DESK), reason="同类第三次")


def decide(declaration: Declaration, day: int, *, approved: bool) -> None:
    with set_clock(october(day, 12)):
        escalation.decide_escalation(
            declaration.pk, version=None, actor=staff(CHEN_HEAD), approved=approved, reason="须查根因"
        )


def countersign(declaration: Declaration, day: int, *, agrees: bool) -> None:
    with set_clock(october(day, 13)):
        escalation.countersign(declaration.pk, version=None, actor=staff(HE_RISK), agrees=agrees, opinion="依据已核")


def joined(declaration: Declaration) -> tuple[list[str], str, Declaration | None]:
    return declaration.escalation_triggers, declaration.escalation_state, declaration.linked_to


def test_the_third_repeat_requires_a_request() -> None:
    found = [repeat(day) for day in (12, 13, 14)]
    assert [each.repeat_ordinal for each in found] == [1, 2, 3]
    assert [each.escalation_triggers for each in found] == [[], [], ["repeat_threshold"]]
    assert found[2].repeats == [found[0].number, found[1].number]


def test_repeats_outside_the_window_do_not_count() -> None:
    for month in (3, 5):
        with set_clock(scenes.MONDAY.replace(month=month, day=11)):
            SCENE.classified("minor", "low")
    assert repeat(12).repeat_ordinal == 1


def test_a_fourth_is_linked_to_the_request_that_is_due() -> None:
    third = thrice()
    assert joined(repeat(15)) == ([], "", third)


def test_a_fourth_is_linked_to_the_request_that_waits_for_the_head() -> None:
    third = thrice()
    ask(third, 14)
    assert joined(repeat(15)) == ([], "", third)


def test_a_fourth_and_a_fifth_join_the_open_problem() -> None:
    third = thrice()
    ask(third, 14)
    decide(third, 14, approved=True)
    fourth, fifth = repeat(15), repeat(16)
    assert [joined(each) for each in (fourth, fifth)] == [([], "", third)] * 2
    problem = Problem.objects.get()
    assert incidents_of(staff(ZHOU_HEAD), problem) == [third, fourth, fifth]
    assert EscalationRequest.objects.count() == 1


def test_one_linked_for_another_reason_is_not_an_incident_of_the_problem() -> None:
    third = thrice()
    ask(third, 14)
    decide(third, 14, approved=True)
    with set_clock(october(15)):
        SCENE.accepted(linked_to=third)
    assert incidents_of(staff(CHEN_HEAD), Problem.objects.get()) == [third]


@pytest.mark.parametrize("signed", [False, True])
def test_after_a_refusal_a_new_request_is_due(signed: bool) -> None:
    third = thrice()
    ask(third, 14)
    decide(third, 14, approved=False)
    if signed:
        countersign(third, 14, agrees=True)
    fourth = repeat(15)
    assert joined(fourth) == (["repeat_threshold"], "required", None)
    ask(fourth, 15)


def test_after_an_objection_the_question_is_open_again() -> None:
    third = thrice()
    ask(third, 14)
    decide(third, 14, approved=False)
    countersign(third, 14, agrees=False)
    assert joined(repeat(15)) == ([], "", third)


def test_a_withdrawn_problem_is_joined_by_nobody() -> None:
    third = thrice()
    ask(third, 14)
    decide(third, 14, approved=True)
    countersign(third, 14, agrees=False)
    decide(third, 15, approved=False)
    assert joined(repeat(16)) == (["repeat_threshold"], "required", None)


def test_severe_impact_asks_for_itself_even_beside_an_open_problem() -> None:
    third = thrice()
    ask(third, 14)
    decide(third, 14, approved=True)
    assert joined(repeat(15, "severe")) == (["severe_impact"], "required", third)
