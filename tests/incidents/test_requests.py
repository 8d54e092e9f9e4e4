"""Service requests (clause 5.4.2): two opinions, one decision of the head, an answer to the customer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Delegation
from base.clock import set_clock
from escalation import actions as escalation
from incidents import actions
from incidents.models import Declaration
from notifications.models import Notification
from tests import scenes
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, TANG_BANK_B, client_of, contact, person
from tests.incidents.refusals import errors, reasons, refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
BOTH = ("The head of department and risk control must both give their opinion first.", "5.4.2")
TELL = ("Have the desk tell the customer first, and record in which words.", "5.4.2")
RISK = ("Risk control must give its opinion first.", "5.4.2")


def opine(declaration: Declaration, by: str, agrees: bool = True, role: str = "") -> Declaration:
    return SCENE.do(actions.give_opinion, declaration, by, agrees=agrees, text="可以提供", role=role)


def test_the_head_decides_after_both_have_spoken() -> None:
    declaration = SCENE.request_review()
    assert reasons(refused(actions.accept_request, declaration, CHEN_HEAD, reason="同意")) == [BOTH]
    declaration = opine(declaration, CHEN_HEAD)
    assert reasons(refused(actions.accept_request, declaration, CHEN_HEAD, reason="同意")) == [BOTH]
    accepted = SCENE.do(actions.accept_request, opine(declaration, HE_RISK), CHEN_HEAD, reason="同意")
    assert (accepted.state, accepted.request_reason) == ("request_in_progress", "同意")
    assert Notification.objects.get(event="request.accepted").user == person(LIU_DESK)


def test_against_the_heads_own_opinion_it_is_only_declined() -> None:
    declaration = opine(opine(SCENE.request_review(), CHEN_HEAD, agrees=False), HE_RISK)
    found = reasons(refused(actions.accept_request, declaration, CHEN_HEAD, reason="同意"))
    assert found == [("The head of department did not agree; decline the request instead.", "5.4.2")]


def test_risk_control_advises_and_the_head_may_differ() -> None:
    declaration = opine(opine(SCENE.request_review(), CHEN_HEAD), HE_RISK, agrees=False)
    assert SCENE.do(actions.accept_request, declaration, CHEN_HEAD, reason="另行管控").state == "request_in_progress"


def test_risk_control_alone_decides_nothing() -> None:
    declaration = SCENE.opined()
    for action, values in (
        (actions.accept_request, {"reason": "同意"}),
        (actions.decline_request, {"reason": "不同意"}),
    ):
        assert str(refused(action, declaration, HE_RISK, **values)) == "This step is for: Head of department."


def test_who_holds_both_roles_says_in_which_one_speaks() -> None:
    Delegation.objects.create(
        role="risk_control",
        from_user=person(HE_RISK),
        to_user=person(CHEN_HEAD),
        starts_at=scenes.MONDAY,
        ends_at=scenes.MONDAY + timedelta(hours=8),
        reason="休假",
    )
    declaration = opine(SCENE.request_review(), CHEN_HEAD, role="risk_control")
    assert (declaration.head_agrees, declaration.risk_control_agrees) == (None, True)
    opinion = declaration.opinion_rows.get()
    assert (opinion.role, opinion.by) == ("risk_control", person(CHEN_HEAD))


def test_nobody_speaks_in_a_role_that_is_not_theirs() -> None:
    found = refused(
        actions.give_opinion, SCENE.request_review(), HE_RISK, agrees=True, text="好", role="department_head"
    )
    assert (found.status, str(found)) == (403, "You do not hold this role for this department.")


def test_declining_needs_risk_control_a_reason_and_that_the_desk_has_told_the_customer() -> None:
    declaration = opine(SCENE.request_review(), CHEN_HEAD, agrees=False)
    assert reasons(refused(actions.decline_request, declaration, CHEN_HEAD, reason="人手不足")) == [RISK, TELL]
    declaration = SCENE.do(actions.communicate, opine(declaration, HE_RISK), LIU_DESK, way="phone", text="本次不能提供")
    assert set(errors(refused(actions.decline_request, declaration, CHEN_HEAD, reason=" "))) == {"reason"}
    declined = SCENE.do(actions.decline_request, declaration, CHEN_HEAD, reason="人手不足")
    assert (declined.state, declined.ended_at) == ("request_declined", scenes.MONDAY)
    told = declined.communication_rows.get(text="本次不能提供")
    assert (told.by, told.way, told.contact) == (person(LIU_DESK), "phone", contact(TANG_BANK_B))


def test_what_the_customer_heard_before_the_opinions_is_not_the_answer() -> None:
    declaration = SCENE.do(actions.communicate, SCENE.request_review(), LIU_DESK, way="phone", text="正在研究")
    declaration = opine(opine(declaration, CHEN_HEAD, agrees=False), HE_RISK)
    assert reasons(refused(actions.decline_request, declaration, CHEN_HEAD, reason="人手不足")) == [TELL]


def test_the_head_does_not_tell_the_customer_in_place_of_the_desk() -> None:
    found = refused(actions.communicate, SCENE.opined(), CHEN_HEAD, way="phone", text="本次不能提供")
    assert (found.status, found.code) == (403, "not_permitted")


def test_the_desk_is_asked_to_tell_the_customer_once_the_head_speaks_against_it() -> None:
    declaration = opine(SCENE.request_review(), CHEN_HEAD, agrees=False)
    assert not Notification.objects.filter(event="request.opposed").exists()
    opine(declaration, HE_RISK)
    assert Notification.objects.get(event="request.opposed").user == person(LIU_DESK)


def test_a_request_is_done_when_the_customer_has_heard_the_answer() -> None:
    waiting = [("Tell the customer the answer and record it first.", "5.4.2")]
    done = {"result": "已到岗", "completed_on": scenes.MONDAY.date()}
    declaration = SCENE.do(actions.communicate, SCENE.opined(), LIU_DESK, way="phone", text="正在研究")
    declaration = SCENE.do(actions.accept_request, declaration, CHEN_HEAD, reason="同意")
    assert reasons(refused(actions.complete_request, declaration, CHEN_HEAD, **done)) == waiting
    declaration = SCENE.do(actions.communicate, declaration, LIU_DESK, way="phone", text="已同意")
    ended = SCENE.do(actions.complete_request, declaration, CHEN_HEAD, **done)
    assert (ended.state, ended.request_completed_on) == ("request_done", scenes.MONDAY.date())


def test_a_result_has_words_and_a_day_that_has_come() -> None:
    tomorrow = scenes.MONDAY.date() + timedelta(days=1)
    found = refused(actions.complete_request, SCENE.request_in_progress(), CHEN_HEAD, result=" ", completed_on=tomorrow)
    yesterday = scenes.MONDAY.date() - timedelta(days=1)
    early = refused(
        actions.complete_request, SCENE.request_in_progress(), CHEN_HEAD, result="已办", completed_on=yesterday
    )
    assert set(errors(early)) == {"completed_on"}
    assert set(errors(found)) == {"result", "completed_on"}


def test_a_request_has_no_level_and_no_time_for_solving() -> None:
    declaration = SCENE.request_done()
    assert (declaration.priority, declaration.due_at, declaration.resolution_clock) == (None, None, None)


def test_sent_a_second_time_the_opinions_are_asked_anew() -> None:
    declaration = SCENE.do(escalation.change_type, SCENE.opined(), LIU_DESK, to="complaint", reason="误判")
    with set_clock(scenes.MONDAY + timedelta(minutes=5)):
        again = SCENE.do(actions.screen_as_request, declaration, LIU_DESK, additions="周末加派三人", **SCENE.party())
    assert (again.head_agrees, again.risk_control_agrees) == (None, None)
    assert Notification.objects.filter(event="request.waiting", user=person(CHEN_HEAD)).count() == 2


def test_the_form_offers_todays_day_of_the_firm_from_midnight_on(clock: Any) -> None:
    declaration = SCENE.request_in_progress()
    clock.set(scenes.MONDAY.replace(hour=1) + timedelta(days=1))
    page = client_of(CHEN_HEAD).get(reverse("record-step", args=[declaration.number, "complete_request"]))
    assert page.context["form"]["completed_on"].value() == scenes.MONDAY.date() + timedelta(days=1)
