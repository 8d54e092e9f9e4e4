"""Problems: listed for those concerned, received by problem management, linked with their incidents both ways."""

from __future__ import annotations

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.actors import actor_for
from desk.queries.work import work_of
from escalation import actions as escalation
from escalation.models import Problem
from escalation.queries import problems
from incidents import actions
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, ZHAO_DESK, ZHOU_HEAD, client_of, person, sign_in

pytestmark = pytest.mark.django_db


def receive(number, problem, reference="PM-12", version=None):
    values = {"reference": reference, "version": problem.version if version is None else version}
    return client_of(number).post(reverse("problem", args=[problem.number]), values)


@pytest.fixture
def problem(scene):
    scene.decided()
    return Problem.objects.get()


def test_desk_head_and_problem_management_see_it_and_others_do_not(problem):
    seen = {
        number: len(client_of(number).get(reverse("problems")).context["rows"])
        for number in (LIU_DESK, CHEN_HEAD, ZHOU_HEAD, ZHAO_DESK)
    }
    assert seen == {LIU_DESK: 1, CHEN_HEAD: 1, ZHOU_HEAD: 1, ZHAO_DESK: 0}
    assert client_of(ZHAO_DESK).get(reverse("problem", args=[problem.number])).status_code == 404


@pytest.fixture
def secret(scene, problem):
    """The problem of an incident that turned out to be a security matter afterwards."""
    declaration = scene.do(escalation.change_type, problem.declaration, LIU_DESK, to="infosec", reason="账单外泄")
    receiver = {"type": "infosec", "receiver": person(HE_RISK), "content": "账单外泄"}
    assert scene.do(actions.hand_over, declaration, LIU_DESK, **receiver).restricted
    return problem


def test_what_a_security_record_refuses_its_problem_refuses_too(secret):
    """Page, list, interface, desk and receipt: nobody hears of it who may not read the record (R-5.4.2-7)."""
    readers = {LIU_DESK: True, CHEN_HEAD: True, HE_RISK: True, ZHOU_HEAD: False}
    for number, reads in readers.items():
        client, address = client_of(number), reverse("problem", args=[secret.number])
        assert (client.get(address).status_code == 200) == reads, number
        assert (len(client.get(reverse("problems")).context["rows"]) == 1) == reads, number
        program = APIClient()
        sign_in(program, person(number))
        assert (program.get(f"/api/v1/problems/{secret.number}/").status_code == 200) == reads, number
    assert not work_of(actor_for(person(ZHOU_HEAD))).duties.get("problem")
    assert receive(ZHOU_HEAD, secret).status_code == 404
    with pytest.raises(Problem.DoesNotExist):
        escalation.acknowledge_problem(secret.pk, version=None, actor=actor_for(person(ZHOU_HEAD)))


def test_without_the_restriction_problem_management_sees_it(secret):
    seen = problems(actor_for(person(ZHOU_HEAD)))
    assert list(seen) == []
    type(secret.declaration).objects.filter(pk=secret.declaration_id).update(restricted=False)
    assert list(seen.all()) == [secret]


def test_problem_management_signs_with_its_own_number(problem):
    assert receive(ZHOU_HEAD, problem).status_code == 302
    problem.refresh_from_db()
    assert (problem.reference, problem.acknowledged_by) == ("PM-12", person(ZHOU_HEAD))
    assert client_of(ZHOU_HEAD).get(reverse("problems"), {"view": "waiting"}).context["rows"] == []


def test_it_is_signed_for_once(problem):
    receive(ZHOU_HEAD, problem)
    again = receive(ZHOU_HEAD, problem, reference="PM-13")
    problem.refresh_from_db()
    assert (again.status_code in (409, 412), problem.reference) == (True, "PM-12")


@pytest.mark.parametrize(("number", "status"), [(LIU_DESK, 403), (CHEN_HEAD, 403), (ZHAO_DESK, 404)])
def test_nobody_else_signs(problem, number, status):
    assert receive(number, problem).status_code == status
    problem.refresh_from_db()
    assert problem.acknowledged_at is None


def test_a_form_without_its_version_signs_nothing(problem):
    assert receive(ZHOU_HEAD, problem, version="").status_code == 428


def test_the_problem_leads_to_its_incident(problem):
    text = client_of(ZHOU_HEAD).get(reverse("problem", args=[problem.number])).content.decode()
    assert reverse("record", args=[problem.declaration.number]) in text


def test_the_incident_leads_to_its_problem(problem):
    text = client_of(LIU_DESK).get(reverse("record", args=[problem.declaration.number])).content.decode()
    assert reverse("problem", args=[problem.number]) in text


@pytest.mark.parametrize("number", ["WT-20991231-001", "x", "%00", "%F0%9F%98%80"])
def test_an_unknown_number_is_not_found(problem, number):
    assert client_of(ZHOU_HEAD).get(f"/problems/{number}/").status_code == 404


def test_the_list_costs_at_most_twelve_statements_whatever_its_length(scene, count_queries):
    scene.decided()
    client = client_of(ZHOU_HEAD)
    client.get(reverse("problems"))
    few = count_queries(lambda: client.get(reverse("problems")))
    scene.decided(), scene.decided()
    assert count_queries(lambda: client.get(reverse("problems"))) == few <= 12
