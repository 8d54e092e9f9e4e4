"""Decisions: what waits for whom, one click with the reason, and what is said when it cannot be."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Delegation, Role
from base.clock import now
from escalation import actions as escalation
from escalation.models import EscalationRequest
from incidents import actions
from incidents.models import Declaration, State
from tests.firm import CHEN_HEAD, GAO_MANAGEMENT, HE_RISK, LIN_HEAD, LIU_DESK, WANG_DESK, client_of, person, stand_in
from tests.scenes import Scene

pytestmark = pytest.mark.django_db


def page(number, declaration=None):
    return client_of(number).get(
        reverse("decision", args=[declaration.number]) if declaration else reverse("decisions")
    )


def decide(number, declaration, choice, text="理由充分", version=None, follow=False, **more):
    request = EscalationRequest.objects.filter(declaration=declaration).order_by("-pk").first()
    current = request.version if request else Declaration.objects.get(pk=declaration.pk).version
    values = {"choice": choice, "text": text, "version": current if version is None else version, **more}
    return client_of(number).post(reverse("decide", args=[declaration.number]), values, follow=follow)


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


def report(scene):
    declaration = scene.handled("severe", "high")
    return scene.do(actions.report_up, declaration, LIU_DESK, reason="无法单独处理", desk_cannot_solve=True)


def test_the_head_sees_trigger_applicant_reason_progress_and_repeats(scene):
    text = page(CHEN_HEAD, scene.requested()).content.decode()
    for wanted in ("Severe impact, must be requested", "刘思远", "影响严重", "补寄; 已寄出", "No. 1 of this customer"):
        assert wanted in text


def test_each_kind_waits_for_the_one_who_takes_it(scene):
    scene.requested(), scene.decided(), scene.request_review(), scene.opined(), report(scene)
    kinds = {
        number: sorted(line.kind for line in page(number).context["lines"]) for number in (CHEN_HEAD, HE_RISK, LIU_DESK)
    }
    assert kinds[CHEN_HEAD] == [
        "Decision on a service request",
        "Escalation request",
        "Opinion on a service request",
        "Report of the desk",
    ]
    assert kinds[HE_RISK] == ["Countersignature", "Opinion on a service request"]
    assert kinds[LIU_DESK] == []


@pytest.mark.parametrize(("choice", "approved"), [("approve", True), ("refuse", False)])
def test_the_head_decides_with_one_click_and_the_reason(scene, choice, approved):
    declaration = scene.requested()
    assert decide(CHEN_HEAD, declaration, choice).status_code == 302
    request = EscalationRequest.objects.get(declaration=declaration)
    assert (request.approved, request.decisions.get().reason) == (approved, "理由充分")


def test_a_ready_reason_does_without_typing(scene):
    declaration = scene.requested()
    decide(CHEN_HEAD, declaration, "approve", text="", ready="影响严重，须查根因")
    assert EscalationRequest.objects.get(declaration=declaration).decisions.get().reason == "影响严重，须查根因"


def test_without_a_reason_nothing_is_decided(scene):
    declaration = scene.requested()
    response = decide(CHEN_HEAD, declaration, "approve", text=" ")
    assert response.status_code == 422
    assert "form-control is-invalid" in response.content.decode()
    assert "This field is required." in response.content.decode()
    assert EscalationRequest.objects.get(declaration=declaration).approved is None


@pytest.mark.parametrize(("choice", "state"), [("agree", "countersigned"), ("object", "objected")])
def test_risk_control_countersigns_or_objects(scene, choice, state):
    declaration = scene.decided()
    assert decide(HE_RISK, declaration, choice).status_code == 302
    assert EscalationRequest.objects.get(declaration=declaration).state == state


def test_what_risk_control_objected_to_comes_back_with_its_opinion(scene):
    declaration = scene.do(escalation.countersign, scene.decided(), HE_RISK, agrees=False, opinion="未评估同批次客户")
    text = page(CHEN_HEAD, declaration).content.decode()
    assert "未评估同批次客户" in text
    assert "approved: 须查根因" in text


def test_the_own_request_is_dimmed_with_the_reason(scene):
    stand_in("department_head", CHEN_HEAD, WANG_DESK)
    text = page(CHEN_HEAD, own_request(scene)).content.decode()
    assert "You asked for it yourself, so somebody else decides." in text
    assert 'aria-disabled="true"' in text


def test_a_deputy_is_told_for_whom_he_decides(scene):
    Delegation.objects.create(
        role=Role.DEPARTMENT_HEAD,
        from_user=person(CHEN_HEAD),
        to_user=person(WANG_DESK),
        department=person(CHEN_HEAD).department,
        starts_at=now(),
        ends_at=now().replace(year=2027),
        reason="出差",
    )
    assert "You decide for 陈予安" in page(WANG_DESK, scene.requested()).content.decode()


def test_whoever_comes_second_hears_who_decided_when_and_how(scene):
    declaration = scene.requested()
    seen = EscalationRequest.objects.get(declaration=declaration).version
    decide(CHEN_HEAD, declaration, "approve")
    late = decide(CHEN_HEAD, declaration, "refuse", text="另有安排", version=seen)
    text = late.content.decode()
    assert late.status_code == 412
    assert "陈予安 decided it" in text
    assert "Approved" in text
    assert "另有安排" in text


def test_a_request_is_spoken_for_and_taken_on(scene):
    declaration = scene.request_review()
    decide(CHEN_HEAD, declaration, "for")
    decide(HE_RISK, declaration, "for")
    decide(CHEN_HEAD, declaration, "take")
    assert fresh(declaration).state == State.REQUEST_IN_PROGRESS


def test_a_request_is_declined_only_when_the_customer_knows(scene):
    declaration = scene.opined()
    early = decide(CHEN_HEAD, declaration, "decline")
    assert early.status_code == 409
    assert "Have the desk tell the customer first, and record in which words." in early.content.decode()
    assert early.context["case"].declaration == declaration, "the decision stays open, with what was typed"
    declaration = scene.do(actions.communicate, declaration, LIU_DESK, way="phone", text="本次不能提供")
    assert decide(CHEN_HEAD, declaration, "decline").status_code == 302
    assert fresh(declaration).state == State.REQUEST_DECLINED


@pytest.mark.parametrize(("choice", "handler"), [("answer", LIU_DESK), ("take_over", CHEN_HEAD)])
def test_a_report_is_answered_or_taken_over(scene, choice, handler):
    declaration = report(scene)
    decide(CHEN_HEAD, declaration, choice)
    assert fresh(declaration).handler.employee_number == handler


def told(scene):
    return scene.do(actions.communicate, scene.opined(), LIU_DESK, way="phone", text="本次不能提供")


@pytest.mark.parametrize(
    ("number", "made", "choice", "sentence"),
    [
        (CHEN_HEAD, Scene.requested, "approve", "Approved: you agreed to the escalation"),
        (CHEN_HEAD, Scene.requested, "refuse", "Refused: you did not approve the escalation"),
        (HE_RISK, Scene.decided, "agree", "Countersigned: you agreed"),
        (HE_RISK, Scene.decided, "object", "Objected: you did not countersign"),
        (HE_RISK, Scene.request_review, "for", "Your opinion is recorded: for the request"),
        (HE_RISK, Scene.request_review, "against", "Your opinion is recorded: against the request"),
        (CHEN_HEAD, Scene.opined, "take", "The request is accepted"),
        (CHEN_HEAD, told, "decline", "The request is declined"),
        (CHEN_HEAD, report, "answer", "The desk has your answer"),
        (CHEN_HEAD, report, "take_over", "You handle it now"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_sentence_afterwards_names_what_was_chosen(scene, number, made, choice, sentence):
    declaration = made(scene)
    answer = decide(number, declaration, choice, follow=True)
    assert f"{declaration.number} · {sentence}" in answer.content.decode()


@pytest.mark.parametrize(
    ("number", "choice", "status"), [(LIU_DESK, "approve", 403), (LIN_HEAD, "approve", 404), (HE_RISK, "approve", 403)]
)
def test_nobody_else_decides(scene, number, choice, status):
    declaration = scene.requested()
    assert decide(number, declaration, choice).status_code == status
    assert EscalationRequest.objects.get(declaration=declaration).approved is None


def test_an_unknown_button_and_a_missing_version_decide_nothing(scene):
    declaration = scene.requested()
    assert decide(CHEN_HEAD, declaration, "maybe").status_code == 409
    assert decide(CHEN_HEAD, declaration, "approve", version="x").status_code == 428
    assert EscalationRequest.objects.get(declaration=declaration).approved is None


def test_with_nothing_to_decide_the_page_says_so(scene):
    assert "Nothing waits for your decision" in page(CHEN_HEAD).content.decode()
    assert "There is nothing to decide here any more." in page(CHEN_HEAD, scene.accepted()).content.decode()
    assert page(LIN_HEAD, scene.accepted()).status_code == 404


def test_strangers_are_sent_to_sign_in(scene):
    assert Client().get(reverse("decisions")).status_code == 302


def test_the_page_costs_at_most_twelve_statements(scene, count_queries):
    scene.requested()
    client = client_of(CHEN_HEAD)
    client.get(reverse("decisions"))
    few = count_queries(lambda: client.get(reverse("decisions")))
    scene.requested(), scene.request_review()
    assert count_queries(lambda: client.get(reverse("decisions"))) <= max(few, 12)


def own_request(scene):
    """The head works as the desk today and asks himself."""
    declaration = scene.handled("severe", "medium")
    stand_in("service_desk", LIU_DESK, CHEN_HEAD)
    return scene.do(escalation.request_escalation, declaration, CHEN_HEAD, reason="影响严重")


def test_the_heads_own_request_is_shown_to_him_as_gone_one_level_up(scene):
    declaration = own_request(scene)
    shown = page(CHEN_HEAD, declaration).content.decode()
    assert "it went one level up" in shown
    assert 'aria-disabled="true"' in shown
    refused = decide(CHEN_HEAD, declaration, "approve")
    assert refused.status_code == 403
    assert "it went one level up" in refused.content.decode()
    assert EscalationRequest.objects.get().state == "requested"


def test_the_level_above_finds_it_among_its_decisions_and_decides(scene):
    declaration = own_request(scene)
    shown = page(GAO_MANAGEMENT)
    assert [line.number for line in shown.context["lines"]] == [declaration.number]
    assert 'href="/decisions/"' in client_of(GAO_MANAGEMENT).get(reverse("desk")).content.decode()
    assert decide(GAO_MANAGEMENT, declaration, "approve").status_code == 302
    assert EscalationRequest.objects.get().decided_by == person(GAO_MANAGEMENT)
    assert page(GAO_MANAGEMENT).context["lines"] == []


def test_management_has_nothing_to_decide_of_what_the_head_decides(scene):
    declaration = scene.requested()
    assert page(GAO_MANAGEMENT).context["lines"] == []
    assert decide(GAO_MANAGEMENT, declaration, "approve").status_code == 404
