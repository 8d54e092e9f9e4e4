"""Asking, deciding, countersigning, handing to problem management: three different people, one decision."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import Delegation
from escalation import actions as escalation
from escalation.models import EscalationRequest, Problem
from incidents import actions
from incidents.models import Declaration, EscalationState
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from tests import scenes
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, WANG_DESK, ZHENG_CUSTODIAN, ZHOU_HEAD, person, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
Asked = tuple[Declaration, EscalationRequest]
Parameter = Callable[[Declaration, str, object], None]


def asked() -> Asked:
    declaration = scenes.Scene().requested()
    return declaration, declaration.escalationrequest_rows.get()


def decide(declaration: Declaration, by: str = CHEN_HEAD, approved: bool = True, version: int | None = None) -> None:
    escalation.decide_escalation(declaration.pk, version=version, actor=staff(by), approved=approved, reason="须查根因")


def fresh(declaration: Declaration) -> Declaration:
    return Declaration.objects.get(pk=declaration.pk)


def test_severe_impact_requires_a_request_and_blocks_closing_until_it_is_settled() -> None:
    scene = scenes.Scene()
    declaration = scene.confirmed("severe", "medium")
    assert declaration.escalation_state == EscalationState.REQUIRED
    assert declaration.escalation_triggers == ["severe_impact"]
    with pytest.raises(NotPossible, match="request the escalation"):
        actions.close(declaration.pk, version=None, actor=staff(LIU_DESK))
    escalation.request_escalation(declaration.pk, version=None, actor=staff(LIU_DESK), reason="影响严重")
    with pytest.raises(NotPossible, match="undecided"):
        actions.close(declaration.pk, version=None, actor=staff(LIU_DESK))
    decide(declaration, approved=False)
    with pytest.raises(NotPossible, match="countersigned"):
        actions.close(declaration.pk, version=None, actor=staff(LIU_DESK))
    escalation.countersign(declaration.pk, version=None, actor=staff(HE_RISK), agrees=True, opinion="同意")
    actions.close(declaration.pk, version=None, actor=staff(LIU_DESK))
    assert fresh(declaration).state == "closed"


def test_approval_takes_effect_at_once_and_numbers_the_problem() -> None:
    declaration, request = asked()
    decide(declaration)
    problem = Problem.objects.get(request=request)
    assert problem.number == "WT-20261123-001"
    assert fresh(declaration).problem_number == problem.number
    assert fresh(declaration).state == "in_progress"


def test_before_effect_the_problem_waits_for_the_countersignature(parameter: Parameter) -> None:
    declaration, request = asked()
    parameter(declaration, "risk_control_mode", "before_effect")
    decide(declaration)
    assert not Problem.objects.exists()
    escalation.countersign(declaration.pk, version=None, actor=staff(HE_RISK), agrees=True, opinion="同意")
    assert Problem.objects.get(request=request).number == fresh(declaration).problem_number


def test_merely_informed_risk_control_holds_nothing_up(parameter: Parameter) -> None:
    declaration, request = asked()
    parameter(declaration, "risk_control_mode", "informed")
    decide(declaration)
    request.refresh_from_db()
    assert (fresh(declaration).escalation_state, request.countersign_clock) == ("settled", None)
    assert Problem.objects.filter(request=request).exists()


def test_a_refusal_is_countersigned_and_raises_nothing() -> None:
    declaration, _request = asked()
    decide(declaration, approved=False)
    escalation.countersign(declaration.pk, version=None, actor=staff(HE_RISK), agrees=True, opinion="同意")
    assert (fresh(declaration).escalation_state, Problem.objects.exists()) == ("settled", False)


def test_refusal_needs_a_reason_and_raises_no_problem() -> None:
    declaration, _request = asked()
    with pytest.raises(Invalid) as refused:
        escalation.decide_escalation(declaration.pk, version=None, actor=staff(CHEN_HEAD), approved=False, reason=" ")
    assert "reason" in refused.value.errors
    decide(declaration, approved=False)
    assert not Problem.objects.exists()


@pytest.mark.parametrize("by", [LIU_DESK, WANG_DESK, HE_RISK, ZHENG_CUSTODIAN])
def test_only_the_head_decides(by: str) -> None:
    declaration, _request = asked()
    with pytest.raises((NotPermitted, Declaration.DoesNotExist)):
        decide(declaration, by)


def test_the_requester_cannot_decide_as_a_deputy_of_the_head() -> None:
    declaration, _request = asked()
    Delegation.objects.create(
        role="department_head",
        from_user=person(CHEN_HEAD),
        to_user=person(LIU_DESK),
        starts_at=scenes.MONDAY,
        ends_at=scenes.MONDAY.replace(hour=20),
        reason="休假",
    )
    with pytest.raises(NotPermitted, match="somebody else"):
        decide(declaration, LIU_DESK)


def test_a_deputy_decides_and_both_names_stay() -> None:
    declaration, request = asked()
    Delegation.objects.create(
        role="department_head",
        from_user=person(CHEN_HEAD),
        to_user=person(WANG_DESK),
        starts_at=scenes.MONDAY,
        ends_at=scenes.MONDAY.replace(hour=20),
        reason="休假",
    )
    decide(declaration, WANG_DESK)
    decision = request.decisions.get()
    assert (decision.by, decision.on_behalf_of) == (person(WANG_DESK), person(CHEN_HEAD))


def test_who_decided_cannot_countersign() -> None:
    declaration, _request = asked()
    decide(declaration)
    Delegation.objects.create(
        role="risk_control",
        from_user=person(HE_RISK),
        to_user=person(CHEN_HEAD),
        starts_at=scenes.MONDAY,
        ends_at=scenes.MONDAY.replace(hour=20),
        reason="休假",
    )
    with pytest.raises(NotPermitted, match="somebody else"):
        escalation.countersign(declaration.pk, version=None, actor=staff(CHEN_HEAD), agrees=True, opinion="同意")


def test_risk_control_alone_does_not_approve() -> None:
    declaration, _request = asked()
    with pytest.raises(NotPossible, match="no decision waiting"):
        escalation.countersign(declaration.pk, version=None, actor=staff(HE_RISK), agrees=True, opinion="同意")


def test_an_objection_goes_back_to_the_head_who_decides_again() -> None:
    declaration, request = asked()
    decide(declaration, approved=False)
    escalation.countersign(declaration.pk, version=None, actor=staff(HE_RISK), agrees=False, opinion="谁来跟踪？")
    assert fresh(declaration).escalation_state == EscalationState.OBJECTED
    decide(declaration, approved=False)
    escalation.countersign(declaration.pk, version=None, actor=staff(HE_RISK), agrees=True, opinion="同意")
    request.refresh_from_db()
    assert (request.state, request.objections, request.decisions.count()) == ("countersigned", 1, 2)
    assert fresh(declaration).escalation_state == EscalationState.SETTLED


def test_whoever_comes_second_is_told_who_decided() -> None:
    declaration, request = asked()
    decide(declaration, version=request.version)
    with pytest.raises(Stale) as refused:
        decide(declaration, version=request.version)
    assert (refused.value.changed_by, refused.value.changed_at) == ("陈予安", scenes.MONDAY)
    assert refused.value.changed == {"escalation_state": ("requested", "decided")}


def test_a_second_countersignature_is_told_who_signed() -> None:
    declaration, request = asked()
    decide(declaration)
    request.refresh_from_db()
    values = {"version": request.version, "actor": staff(HE_RISK), "agrees": True, "opinion": "同意"}
    escalation.countersign(declaration.pk, **values)
    with pytest.raises(Stale) as refused:
        escalation.countersign(declaration.pk, **values)
    assert refused.value.changed_by == "何守正"


def test_an_old_version_of_the_request_is_stale() -> None:
    declaration, request = asked()
    decide(declaration, approved=False)
    escalation.countersign(declaration.pk, version=None, actor=staff(HE_RISK), agrees=False, opinion="补充")
    with pytest.raises(Stale):
        decide(declaration, version=request.version)


def test_a_second_request_is_refused_while_one_is_open() -> None:
    declaration, _request = asked()
    with pytest.raises(NotPossible, match="requested or settled"):
        escalation.request_escalation(declaration.pk, version=None, actor=staff(LIU_DESK), reason="再来")


def test_problem_management_signs_once() -> None:
    declaration, request = asked()
    decide(declaration)
    problem = Problem.objects.get(request=request)
    with pytest.raises(NotPermitted):
        escalation.acknowledge_problem(problem.pk, version=None, actor=staff(LIU_DESK))
    escalation.acknowledge_problem(problem.pk, version=None, actor=staff(ZHOU_HEAD), reference="P-7")
    with pytest.raises(NotPossible):
        escalation.acknowledge_problem(problem.pk, version=None, actor=staff(ZHOU_HEAD))
    problem.refresh_from_db()
    assert (problem.reference, problem.acknowledged_by) == ("P-7", person(ZHOU_HEAD))
