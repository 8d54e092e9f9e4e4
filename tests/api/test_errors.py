"""Whatever goes wrong, a program is answered in problem+json with a sentence."""

from __future__ import annotations

import pytest
from django.test import Client

from api.base import Rate
from api.declarations import Declarations
from base.clock import now
from incidents.models import Declaration
from sla.models import Calendar, Contract
from tests.firm import LIU_DESK

PROBLEM = "application/problem+json"
LIST = "/api/v1/declarations/"


def problem(answer, status: int, code: str) -> str:
    """The sentence of an answer that is a problem with that status and code."""
    assert answer.status_code == status
    assert answer["Content-Type"] == PROBLEM
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    return body["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/nothing/", 404, "not_found"),
        ("post", "/api/v1/nothing", 404, "not_found"),
        ("delete", LIST, 405, "method_not_allowed"),
        ("put", "/api/v1/problems/", 405, "method_not_allowed"),
        ("get", "/api/v1/declarations/relay/", 405, "method_not_allowed"),
    ],
)
def test_unknown_addresses_and_methods(call_as, method: str, path: str, status: int, code: str):
    assert problem(getattr(call_as(LIU_DESK), method)(path), status, code)


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"<xml/>", "application/xml", 415, "unsupported_media_type"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"{", "application/json", 400, "parse_error"),
        (b"\xff\xfe", "application/json", 400, "parse_error"),
        (b"--x\r\n", "multipart/form-data; boundary=y", 400, "parse_error"),
        (b"x", "multipart/form-data", 400, "parse_error"),
    ],
)
def test_bodies_that_cannot_be_read(call_as, body: bytes, kind: str, status: int, code: str):
    assert problem(call_as(LIU_DESK).generic("POST", LIST, body, content_type=kind), status, code)


def test_without_and_with_a_wrong_token(db):
    assert problem(Client().get(LIST), 401, "not_authenticated")
    assert problem(Client(headers={"Authorization": "Bearer desk_wrong"}).get(LIST), 401, "authentication_failed")


def test_the_schema_answers_its_problems_in_json_although_it_is_yaml(db):
    assert problem(Client().get("/api/schema/"), 401, "not_authenticated")


def test_a_program_that_asks_too_often_is_told_when_to_come_back(call_as, monkeypatch):
    monkeypatch.setattr(Rate, "allow_request", lambda rate, request, view: False)
    monkeypatch.setattr(Rate, "wait", lambda rate: 7)
    answer = call_as(LIU_DESK).get(LIST)
    assert problem(answer, 429, "throttled")
    assert answer["Retry-After"] == "7"


def test_an_error_of_ours_is_answered_in_the_same_form_and_tells_nothing_of_it(call_as, monkeypatch):
    def broken(view, request):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(Declarations, "get", broken)
    client = call_as(LIU_DESK)
    client.raise_request_exception = False
    answer = client.get(LIST)
    assert "nothing was saved" in problem(answer, 500, "server_error")
    assert "secret" not in answer.content.decode()


def test_a_request_for_another_host_is_answered_in_the_same_form(db):
    assert problem(Client().get(LIST, headers={"Host": "evil.example.org"}), 400, "parse_error")


def test_a_step_that_needs_a_calendar_names_the_missing_setting_and_where_it_is_kept(scene, call_as):
    client, declaration = call_as(scene.desk), scene.screened()
    Contract.objects.update(calendar=None)
    Calendar.objects.update(is_default=False)
    grading = {"leaf": "BIZ-01", "impact": "moderate", "urgency": "medium"}
    classify = f"{LIST}{declaration.number}/classify/"
    answer = client.post(classify, grading, format="json", headers={"If-Match": f'"{declaration.version}"'})
    assert "Settings → Working calendars" in problem(answer, 409, "setting_missing")
    call = {"channel": "other", "received_at": now().isoformat(), "subject": "对账单漏装", "body": "客户来函。"}
    call["contact"] = scene.contact
    answer = client.post(LIST, call, format="json", headers={"Idempotency-Key": "letter"})
    assert problem(answer, 409, "setting_missing")
    assert Declaration.objects.count() == 1
