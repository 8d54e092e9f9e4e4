"""Nobody decides on the own request: the deputy does, else the level above the head (A-10, R-5.4.5-5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Delegation, RoleGrant
from base.clock import now, set_clock
from escalation import actions as escalation
from escalation.models import Decision, EscalationRequest
from incidents.access import declarations, next_steps
from incidents.models import Declaration
from ledger.exceptions import NotPermitted
from ledger.models import Entry
from notifications.models import Notification
from tests import scenes
from tests.firm import CHEN_HEAD, GAO_MANAGEMENT, HE_RISK, LIU_DESK, WANG_DESK, person, staff, stand_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SCENE = scenes.Scene()
HEAD, DEPUTY, DESK, MANAGEMENT, RISK_CONTROL = CHEN_HEAD, WANG_DESK, LIU_DESK, GAO_MANAGEMENT, HE_RISK


def asked_by(who: str) -> Declaration:
    declaration = SCENE.handled("severe", "medium")
    return SCENE.do(escalation.request_escalation, declaration, who, reason="影响严重")


def asked_by_the_head() -> Declaration:
    """The head works as the desk of this customer today and asks himself."""
    stand_in("service_desk", DESK, HEAD)
    return asked_by(HEAD)


def decide(declaration: Declaration, by: str, *, approved: bool = True) -> EscalationRequest:
    return escalation.decide_escalation(
        declaration.pk, version=None, actor=staff(by), approved=approved, reason="须查根因"
    )


def told(declaration: Declaration, event: str) -> set[str]:
    found = Notification.objects.filter(stream=declaration.stream, event=event)
    return set(found.values_list("user__employee_number", flat=True))


def may_decide(who: str, declaration: Declaration) -> bool:
    return "decide_escalation" in {step.verb for step in next_steps(staff(who), declaration)}


def test_an_ordinary_request_is_the_heads_alone() -> None:
    declaration = asked_by(DESK)
    assert not declaration.escalation_climbed
    assert told(declaration, "escalation.requested") == {HEAD}
    assert not may_decide(MANAGEMENT, declaration)
    with pytest.raises((NotPermitted, Declaration.DoesNotExist)):
        decide(declaration, MANAGEMENT)


def test_the_heads_own_request_goes_one_level_up() -> None:
    declaration = asked_by_the_head()
    assert declaration.escalation_climbed
    assert told(declaration, "escalation.requested") == {MANAGEMENT}
    assert declaration in declarations(staff(MANAGEMENT))
    assert may_decide(MANAGEMENT, declaration)
    with pytest.raises(NotPermitted, match="cannot decide your own request; it went one level up"):
        decide(declaration, HEAD)
    request = decide(declaration, MANAGEMENT)
    assert (request.state, request.decided_by) == ("approved", person(MANAGEMENT))
    entry = Entry.objects.get(stream=declaration.stream, action="decide_escalation")
    assert entry.role == "management"


def test_the_level_above_decides_again_after_an_objection_and_then_no_more() -> None:
    declaration = asked_by_the_head()
    decide(declaration, MANAGEMENT)
    SCENE.do(escalation.countersign, declaration, RISK_CONTROL, agrees=False, opinion="依据不足")
    assert told(declaration, "escalation.objected") == {MANAGEMENT}
    decide(declaration, MANAGEMENT, approved=False)
    declaration = SCENE.do(escalation.countersign, declaration, RISK_CONTROL, agrees=True, opinion="同意")
    assert not may_decide(MANAGEMENT, declaration)


def test_the_level_above_is_reminded_of_what_it_has_to_decide() -> None:
    declaration = asked_by_the_head()
    with set_clock(scenes.MONDAY + timedelta(days=1, minutes=1)):
        escalation.sweep()
    assert MANAGEMENT in told(declaration, "overdue.decision.50")


def test_three_different_people_also_one_level_up() -> None:
    declaration = asked_by_the_head()
    stand_in("risk_control", RISK_CONTROL, MANAGEMENT)
    decide(declaration, MANAGEMENT)
    for who in (MANAGEMENT, HEAD):
        with pytest.raises(NotPermitted):
            escalation.countersign(declaration.pk, version=None, actor=staff(who), agrees=True, opinion="同意")


def test_a_deputy_decides_before_the_level_above() -> None:
    stand_in("department_head", HEAD, DEPUTY)
    declaration = asked_by_the_head()
    assert not declaration.escalation_climbed
    assert told(declaration, "escalation.requested") == {DEPUTY}
    with pytest.raises((NotPermitted, Declaration.DoesNotExist)):
        decide(declaration, MANAGEMENT)
    with pytest.raises(NotPermitted, match="somebody else has to"):
        decide(declaration, HEAD)
    decide(declaration, DEPUTY)
    decision = Decision.objects.get()
    assert (decision.by, decision.on_behalf_of) == (person(DEPUTY), person(HEAD))


def test_a_deputy_who_asks_leaves_it_to_the_head_or_the_level_above() -> None:
    stand_in("department_head", HEAD, DESK)
    declaration = asked_by(DESK)
    assert declaration.escalation_climbed
    assert told(declaration, "escalation.requested") == {HEAD, MANAGEMENT}
    with pytest.raises(NotPermitted, match="one level up"):
        decide(declaration, DESK)
    decide(declaration, HEAD)


def test_a_department_without_a_head_asks_the_level_above() -> None:
    yesterday = now().date() - timedelta(days=1)
    RoleGrant.objects.filter(role="department_head", user=person(HEAD)).update(ends_on=yesterday)
    declaration = asked_by(DESK)
    assert declaration.escalation_climbed
    decide(declaration, MANAGEMENT)


def test_a_requester_who_comes_to_stand_in_for_the_head_leaves_it_to_the_level_above() -> None:
    declaration = asked_by(DESK)
    stand_in("department_head", HEAD, DESK)
    late = scenes.MONDAY + timedelta(days=2, minutes=1)
    Delegation.objects.update(ends_at=late + timedelta(days=1))
    with set_clock(late):
        assert not may_decide(MANAGEMENT, declaration)
        escalation.sweep()
        declaration.refresh_from_db()
        assert declaration.escalation_climbed
        assert may_decide(MANAGEMENT, declaration)
        decide(declaration, MANAGEMENT)
    entry = Entry.objects.filter(stream=declaration.stream, action="warn_decision").latest("pk")
    assert '"escalation_climbed":[false,true]' in entry.payload.content


def test_the_head_keeps_a_decision_that_is_merely_late() -> None:
    declaration = asked_by(DESK)
    with set_clock(scenes.MONDAY + timedelta(days=2, minutes=1)):
        escalation.sweep()
        assert MANAGEMENT in told(declaration, "overdue.decision.100")
        declaration.refresh_from_db()
        assert not declaration.escalation_climbed
