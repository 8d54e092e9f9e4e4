"""Lists and single records over the interface: who sees what, page by page."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from api.base import Rate
from api.declarations import Pages
from escalation import actions as escalation
from incidents.models import Declaration
from tests.firm import BANK_A, BANK_B, CHEN_HEAD, FENG_AUDITOR, HE_RISK, LIU_DESK, XU_SALES, person, sign_in, staff
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
LIST = "/api/v1/declarations/"


def numbers(response):
    return [row["number"] for row in response.json()["results"]]


def test_without_a_token_the_answer_is_401_as_problem_json(scene):
    response = APIClient().get(LIST)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == 401


def test_the_session_of_the_portal_is_enough_to_read_and_needs_its_csrf_token_to_write(scene):
    client = APIClient(enforce_csrf_checks=True)
    sign_in(client, person(LIU_DESK))
    assert client.get(LIST).status_code == 200
    assert client.post(LIST, {}, format="json").status_code == 403


def test_the_list_holds_what_the_reader_may_see_and_nothing_else(scene, call_as):
    number = scene.accepted().number
    assert numbers(call_as(LIU_DESK).get(LIST)) == [number]
    assert numbers(call_as(XU_SALES).get(LIST)) == []


def test_a_page_ends_where_it_was_asked_to_and_the_next_one_goes_on(scene, call_as, clock):
    made = []
    for _each in range(5):
        clock.advance(minutes=1)
        made.append(scene.accepted().number)
    client = call_as(LIU_DESK)
    first = client.get(LIST, {"page_size": 2})
    second = client.get(first.json()["next"])
    assert numbers(first) + numbers(second) == made[:0:-1]


def test_no_page_is_longer_than_a_hundred():
    assert Pages.max_page_size == 100


@pytest.mark.parametrize(
    ("filters", "status"),
    [
        ({"state": "accepted,screened"}, 200),
        ({"state": "lost"}, 422),
        ({"level": "5"}, 422),
        ({"received_from": "yesterday"}, 422),
        ({"secret": "1"}, 422),
        ({"password__startswith": "a"}, 422),
        ({"cursor": "nonsense"}, 404),
        ({"cursor": "cD1ub25zZW5zZQ=="}, 404),
        # p=9999-12-31 23:59:59-14:00 lies beyond the last moment that can be counted with.
        ({"cursor": "cD05OTk5LTEyLTMxIDIzOjU5OjU5LTE0OjAw"}, 404),
    ],
)
def test_only_known_filters_with_known_values_are_taken(scene, call_as, filters, status):
    scene.accepted()
    assert call_as(LIU_DESK).get(LIST, filters).status_code == status


def test_the_filters_narrow_the_list(scene, call_as):
    accepted, resolved = scene.accepted().number, scene.resolved().number
    client = call_as(LIU_DESK)
    assert numbers(client.get(LIST, {"state": "resolved"})) == [resolved]
    assert numbers(client.get(LIST, {"q": accepted})) == [accepted]
    assert numbers(client.get(LIST, {"customer": BANK_A})) == []
    leaf = Declaration.objects.get(number=resolved).leaf
    assert numbers(client.get(LIST, {"leaf": leaf})) == [resolved]
    assert numbers(client.get(LIST, {"received_from": "2030-01-01T00:00:00Z"})) == []


def test_a_record_is_answered_with_its_version_as_etag_and_the_steps_of_the_reader(scene, call_as):
    declaration = scene.in_progress()
    response = call_as(LIU_DESK).get(f"{LIST}{declaration.number}/")
    body = response.json()
    assert response["ETag"] == f'"{declaration.version}"'
    assert (body["customer"], body["handler"], body["state"]) == (BANK_B, LIU_DESK, "in_progress")
    steps = {step["verb"]: step for step in body["steps"]}
    assert steps["log_handling"]["possible"] is True
    assert steps["resolve"]["reasons"] == ["Record at least one handling step with its result first."]


@pytest.mark.parametrize("number", ["SD-20991231-001", "nonsense", "SD-20261123-001%00", "%F0%9F%98%80"])
def test_an_unknown_and_a_foreign_record_give_the_same_404(scene, call_as, number):
    foreign = call_as(XU_SALES).get(f"{LIST}{scene.accepted().number}/")
    unknown = call_as(LIU_DESK).get(f"{LIST}{number}/")
    assert (unknown.status_code, unknown["Content-Type"]) == (404, "application/problem+json")
    assert unknown.json() == foreign.json()


def test_warnings_escalations_and_problems_stand_in_the_record(scene, call_as):
    declaration = scene.countersigned()
    escalation.warn(
        declaration.pk,
        version=None,
        actor=staff(LIU_DESK),
        kind="at_risk",
        reason="备件晚到",
        staff=[person(CHEN_HEAD)],
    )
    body = call_as(CHEN_HEAD).get(f"{LIST}{declaration.number}/").json()
    assert [warning["reason"] for warning in body["warnings"]] == ["备件晚到"]
    [request] = body["escalations"]
    assert (request["state"], request["problem"]) == ("countersigned", body["problem_number"])
    assert [decision["by"] for decision in request["decisions"]] == [CHEN_HEAD]


def test_a_restricted_record_is_read_by_its_officer_and_not_by_the_department(scene, call_as):
    number = scene.handed_over("infosec", HE_RISK).number
    assert call_as(HE_RISK).get(f"{LIST}{number}/").status_code == 200
    assert call_as(XU_SALES).get(f"{LIST}{number}/").status_code == 404


def test_a_list_costs_the_same_for_three_and_for_thirty(scene, call_as, count_queries):
    client = call_as(LIU_DESK)
    for _each in range(3):
        scene.accepted()
    client.get(LIST)
    few = count_queries(lambda: client.get(LIST, {"page_size": 50}))
    for _each in range(12):
        scene.accepted()
    many = count_queries(lambda: client.get(LIST, {"page_size": 50}))
    assert few == many <= 12


def test_a_record_costs_at_most_twenty_statements(scene, call_as, count_queries):
    client, number = call_as(LIU_DESK), scene.countersigned().number
    client.get(f"{LIST}{number}/")
    assert count_queries(lambda: client.get(f"{LIST}{number}/")) <= 20


def test_other_addresses_answer_404_as_problem_json(scene, call_as):
    response = call_as(LIU_DESK).get("/api/v2/declarations/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_nobody_asks_more_often_than_the_rate_allows(scene, call_as, monkeypatch):
    monkeypatch.setattr(Rate, "get_rate", lambda self: "2/day")
    cache.clear()  # what other tests have asked today does not count
    client = call_as(LIU_DESK)
    assert [client.get(LIST).status_code for _each in range(3)] == [200, 200, 429]


def test_what_has_ended_is_read_by_the_auditor(scene: Scene, call_as):
    filed: Declaration = scene.filed()
    assert call_as(FENG_AUDITOR).get(f"{LIST}{filed.number}/").json()["steps"] == []
