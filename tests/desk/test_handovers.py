"""Hand-overs: signed, returned and completed by their receiver; the desk sees what is under way."""

from __future__ import annotations

import pytest
from django.urls import reverse

from incidents.models import Declaration, State
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, XU_SALES, ZHAO_DESK, client_of

pytestmark = pytest.mark.django_db


def listed(number, view=""):
    response = client_of(number).get(reverse("handovers"), {"view": view} if view else {})
    return [handover.declaration.number for handover, _left in response.context["rows"]]


def press(number, declaration, choice, **values):
    version = Declaration.objects.get(pk=declaration.pk).version
    address = reverse("handover", args=[declaration.number])
    return client_of(number).post(address, {"choice": choice, "version": version, **values})


def state(declaration):
    return Declaration.objects.get(pk=declaration.pk).state


def test_the_receiver_finds_what_is_to_be_signed_and_what_is_to_be_completed(scene):
    numbers = [scene.handed_over().number, scene.handover_received().number]
    assert listed(XU_SALES) == numbers
    assert listed(XU_SALES, "done") == []


def test_the_desk_and_its_head_see_what_is_under_way_and_another_desk_does_not(scene):
    number = scene.handed_over().number
    assert listed(LIU_DESK, "sent") == listed(CHEN_HEAD, "sent") == [number]
    assert listed(ZHAO_DESK, "sent") == []


def test_what_nobody_signed_for_in_time_is_marked_overdue(scene, clock):
    scene.handed_over()
    clock.advance(days=3)
    assert "task-late" in client_of(LIU_DESK).get(reverse("handovers"), {"view": "sent"}).content.decode()


def test_a_complaint_is_signed_for_and_completed_with_number_and_result(scene):
    declaration = scene.handed_over()
    assert press(XU_SALES, declaration, "receive").status_code == 302
    assert state(declaration) == State.HANDOVER_RECEIVED
    assert press(XU_SALES, declaration, "complete", reference="TS-9", result="已书面答复").status_code == 302
    assert state(declaration) == State.HANDOVER_DONE
    assert listed(XU_SALES, "done") == [declaration.number]


def test_completing_without_number_and_result_keeps_what_was_typed(scene):
    declaration = scene.handover_received()
    response = press(XU_SALES, declaration, "complete", reference="", result="已书面答复")
    assert response.status_code == 422
    assert "已书面答复" in response.content.decode()
    assert state(declaration) == State.HANDOVER_RECEIVED


def test_it_goes_back_to_the_desk_with_a_reason_and_is_gone_from_the_list(scene):
    declaration = scene.handed_over()
    assert press(XU_SALES, declaration, "return").status_code == 422
    assert press(XU_SALES, declaration, "return", reason="不属于抱怨").status_code == 302
    assert state(declaration) == State.ACCEPTED
    assert listed(XU_SALES) == []


def test_a_security_record_does_not_reach_other_receivers(scene):
    declaration = scene.handed_over("infosec", HE_RISK)
    assert listed(HE_RISK) == [declaration.number]
    assert client_of(XU_SALES).get(reverse("handover", args=[declaration.number])).status_code == 404


@pytest.mark.parametrize(("number", "status"), [(LIU_DESK, 403), (CHEN_HEAD, 403), (ZHAO_DESK, 404)])
def test_nobody_else_signs(scene, number, status):
    declaration = scene.handed_over()
    assert press(number, declaration, "receive").status_code == status
    assert state(declaration) == State.HANDED_OVER


def test_a_second_press_on_an_old_page_says_that_it_is_done(scene):
    declaration = scene.handed_over()
    press(XU_SALES, declaration, "receive")
    address = reverse("handover", args=[declaration.number])
    again = client_of(XU_SALES).post(address, {"choice": "receive", "version": declaration.version})
    assert again.status_code == 412


def test_of_one_that_came_back_the_record_tells(scene):
    declaration = scene.handed_over()
    press(XU_SALES, declaration, "return", reason="不属于抱怨")
    answer = client_of(LIU_DESK).get(reverse("handover", args=[declaration.number]))
    assert answer.headers["Location"] == reverse("record", args=[declaration.number])


def test_a_record_that_was_never_handed_over_has_no_such_page(scene):
    assert client_of(LIU_DESK).get(reverse("handover", args=[scene.accepted().number])).status_code == 404


def test_the_list_costs_at_most_twelve_statements_whatever_its_length(scene, count_queries):
    scene.handed_over()
    client = client_of(LIU_DESK)
    client.get(reverse("handovers"))
    few = count_queries(lambda: client.get(reverse("handovers")))
    for _each in range(4):
        scene.handed_over()
    assert count_queries(lambda: client.get(reverse("handovers"))) == few <= 12
