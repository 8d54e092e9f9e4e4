"""Every verb over the interface: judged as in the actions, refused in the same sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve
from rest_framework.test import APIRequestFactory, force_authenticate

from accounts.models import User
from escalation import actions as escalation
from incidents.models import Declaration
from ledger.models import Entry
from record_form.verbs import VERBS
from sla.models import Contract
from tests import scenes
from tests.files.conftest import PNG
from tests.firm import (
    BANK_B,
    CHEN_HEAD,
    GAO_MANAGEMENT,
    LIU_DESK,
    TANG_BANK_B,
    XU_SALES,
    ZHENG_CUSTODIAN,
    ZHOU_HEAD,
    staff,
    stand_in,
)
from tests.incidents.sight import Sight
from tests.incidents.table import ROLES, TABLE, answered_to_a_bare_request, members_of_staff

pytestmark = pytest.mark.django_db
# Registering and joining an alarm begin or find a declaration, so they have no address below one.
OFFERED = [verb for verb in TABLE if verb not in ("relay", "join_alarm")]


def address(declaration: Declaration, verb: str = "") -> str:
    return f"/api/v1/declarations/{declaration.number}/{verb + '/' if verb else ''}"


def do(client, declaration, verb, values=None, version=None, **options):
    version = declaration.version if version is None else version
    return client.post(
        address(declaration, verb), values or {}, HTTP_IF_MATCH=f'"{version}"', **{"format": "json", **options}
    )


def test_every_verb_of_the_procedure_has_its_address_and_no_other(scene):
    assert sorted(VERBS) == sorted(OFFERED)


def test_an_incident_goes_from_screening_to_the_file(scene, call_as):
    desk, declaration = call_as(LIU_DESK), scene.accepted()
    party = {"is_customer": True, "contract_in_force": True, "service_in_contract": True, "customer": BANK_B}
    steps: list[tuple[str, dict[str, Any]]] = [
        (
            "screen_as_incident",
            {**party, "contract": contract_number(), "contact": TANG_BANK_B, "contact_means": "13900002001"},
        ),
        ("classify", {"leaf": "BIZ-01", "impact": "moderate", "urgency": "medium"}),
        ("look_up", {"query": "对账单", "reason": "情形不同"}),
        ("start", {}),
        ("log_handling", {"what": "补寄", "result": "已寄出"}),
        (
            "resolve",
            {
                "cause": "装订机漏检",
                "solution": "补寄并复核",
                "solution_kind": "permanent",
                "supporters": ["林知夏"],
                "told_to": TANG_BANK_B,
                "told_way": "phone",
            },
        ),
        ("confirm", {"contact": TANG_BANK_B, "way": "phone", "satisfaction": 5}),
        ("close", {}),
    ]
    if has_notes():
        steps.insert(2, ("confirm_contract_notes", {}))
    for verb, values in steps:
        declaration.refresh_from_db(fields=["version"])
        response = do(desk, declaration, verb, values)
        assert response.status_code == 200, (verb, response.json())
    declaration.refresh_from_db(fields=["version"])
    filed = do(call_as(ZHENG_CUSTODIAN), declaration, "file", {"paper_place": "无"})
    assert (filed.status_code, filed.json()["state"]) == (200, "filed")
    assert filed.json()["supporters"] == ["林知夏"]


def test_the_record_keeps_what_the_desk_found_and_not_what_a_program_says(scene, call_as):
    declaration = scene.classified()
    sent = {"query": "对账单 漏装", "reason": "情形不同"}
    claimed = do(call_as(LIU_DESK), declaration, "look_up", {**sent, "hits": ["KB-999"]})
    assert (claimed.status_code, set(claimed.json()["errors"])) == (422, {"hits"})
    assert do(call_as(LIU_DESK), declaration, "look_up", sent).status_code == 200
    assert declaration.knowledgelookup_rows.get().hits[0].startswith("KB-002《")


def contract_number() -> str:
    return Contract.objects.get(customer__code=BANK_B).number


def has_notes() -> bool:
    return scenes.Scene().classified().contract_notes_due


def test_without_a_version_the_answer_is_428(scene, call_as):
    declaration = scene.looked_up()
    response = call_as(LIU_DESK).post(address(declaration, "start"), {}, format="json")
    assert (response.status_code, response["Content-Type"]) == (428, "application/problem+json")


@pytest.mark.parametrize("given", ['"1"', "*", '"soon"', "-1", '"99999999999"'])
def test_an_old_version_is_412_and_says_who_changed_what(scene, call_as, given):
    declaration = scene.looked_up()
    response = call_as(LIU_DESK).post(address(declaration, "start"), {}, format="json", HTTP_IF_MATCH=given)
    assert response.status_code == 412
    assert Declaration.objects.get(pk=declaration.pk).state == "classified"


def test_stale_names_the_person_and_the_fields(scene, call_as):
    declaration = scene.in_progress()
    scene.do(VERBS["write_plan"].action, declaration, LIU_DESK, text="先补寄")
    body = do(call_as(LIU_DESK), declaration, "write_plan", {"text": "再补寄"}).json()
    assert body["changed_by"] == "刘思远"
    assert body["changed"]["plan"]["after"] == "先补寄"


def test_a_decision_names_the_version_of_the_request(scene, call_as):
    declaration = scene.requested()
    head = call_as(CHEN_HEAD)
    request = head.get(address(declaration)).json()["escalations"][0]
    values = {"approved": True, "reason": "须查根因"}
    assert do(head, declaration, "decide_escalation", values, version=99).status_code == 412
    decided = do(head, declaration, "decide_escalation", values, version=request["version"])
    assert decided.json()["escalations"][0]["state"] == "approved"
    late = do(head, declaration, "decide_escalation", values, version=request["version"])
    assert (late.status_code, late.json()["changed_by"]) == (412, "陈予安")


def test_an_illegal_move_is_409_with_what_is_missing_and_its_clause(scene, call_as):
    body = do(call_as(LIU_DESK), scene.classified(), "start").json()
    assert body["status"] == 409
    assert {"sentence": "Consult the knowledge base before you start.", "clause": "5.4.4"} in body["reasons"]


def test_values_are_refused_with_the_sentences_of_the_form(scene, call_as):
    response = do(call_as(LIU_DESK), scene.in_progress(), "wait", {"awaits": "批次号"})
    assert (response.status_code, response.json()["errors"]) == (422, {"basis": ["This field is required."]})


@pytest.mark.parametrize("name", ["state", "priority", "closed_by", "__class__", "version"])
def test_unknown_fields_are_refused(scene, call_as, name):
    declaration = scene.looked_up()
    response = do(call_as(LIU_DESK), declaration, "start", {name: "x"})
    assert response.json()["errors"] == {name: ["There is no such field here."]}
    assert Declaration.objects.get(pk=declaration.pk).state == "classified"


def test_a_signed_scan_comes_as_multipart(scene, call_as):
    declaration = scene.resolved()
    scan = SimpleUploadedFile("确认函.png", PNG, content_type="image/png")
    values = {"contact": TANG_BANK_B, "way": "signed_scan", "scan": scan}
    response = do(call_as(LIU_DESK), declaration, "confirm", values, format="multipart")
    assert [each["name"] for each in response.json()["attachments"]] == ["确认函.png"]


def test_a_mislabelled_scan_is_refused(scene, call_as):
    scan = SimpleUploadedFile("确认函.pdf", b"MZ\x90\x00not a pdf", content_type="application/pdf")
    values = {"contact": TANG_BANK_B, "way": "signed_scan", "scan": scan}
    response = do(call_as(LIU_DESK), scene.resolved(), "confirm", values, format="multipart")
    assert (response.status_code, list(response.json()["errors"])) == (422, ["scan"])


def test_the_language_is_the_callers(scene, call_as):
    response = do(call_as(LIU_DESK), scene.classified(), "start", HTTP_ACCEPT_LANGUAGE="zh-CN")
    assert "知识库" in response.json()["detail"]


def test_what_is_not_permitted_is_written_to_the_security_stream(scene, call_as):
    do(call_as(CHEN_HEAD), scene.looked_up(), "start")
    [entry] = Entry.objects.filter(stream__startswith="security:")
    assert (entry.action, entry.actor_name) == ("start", "陈予安")


def test_the_heads_own_request_is_decided_one_level_up(scene, call_as):
    stand_in("service_desk", LIU_DESK, CHEN_HEAD)
    made = scene.do(escalation.request_escalation, scene.handled("severe", "medium"), CHEN_HEAD, reason="影响严重")
    values = {"approved": True, "reason": "须查根因"}
    management = call_as(GAO_MANAGEMENT)
    seen = management.get(address(made)).json()
    assert (seen["escalation_climbed"], [step["verb"] for step in seen["steps"]]) == (True, ["decide_escalation"])
    refused = do(call_as(CHEN_HEAD), made, "decide_escalation", values, version=1)
    assert (refused.status_code, "one level up" in refused.json()["detail"]) == (403, True)
    decided = do(management, made, "decide_escalation", values, version=1).json()
    assert decided["escalations"][0]["decisions"][0]["by"] == GAO_MANAGEMENT


def test_a_problem_is_acknowledged_once_by_problem_management(scene, call_as):
    declaration = scene.countersigned()
    manager = call_as(ZHOU_HEAD)
    [problem] = manager.get("/api/v1/problems/").json()["results"]
    receipt = f"{problem['url']}acknowledge/"
    assert problem["declaration"] == declaration.number
    assert call_as(XU_SALES).get(problem["url"]).status_code == 404
    version = {"HTTP_IF_MATCH": f'"{problem["version"]}"'}
    assert call_as(LIU_DESK).post(receipt, {}, format="json", **version).status_code == 403
    assert manager.post(receipt, {"reference": "PM-7"}, format="json").status_code == 428
    received = manager.post(receipt, {"reference": "PM-7"}, format="json", **version).json()
    assert (received["reference"], received["acknowledged_by"]) == ("PM-7", ZHOU_HEAD)
    assert manager.post(receipt, {}, format="json", **version).status_code in (409, 412)


# Every role in every state with every verb


@pytest.mark.walks
@pytest.mark.parametrize("role", members_of_staff())
def test_every_verb_in_every_state(
    records: dict[str, Declaration], role: str, unlimited: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = replace(staff(ROLES[role][0]), via="api")
    sight = Sight(actor)
    # Neither grants nor records change while the table is tried, so they are read once.
    monkeypatch.setattr("api.base.actor_for", lambda *_args, **_kwargs: actor)
    monkeypatch.setattr("incidents.access.steps.declarations", lambda _actor: sight)
    monkeypatch.setattr("api.verbs.declaration_for_reading", sight.among(records.values()))
    wrong = []
    for state, declaration in records.items():
        for verb in OFFERED:
            wanted = answered_to_a_bare_request(role, state, verb)
            version = {"HTTP_IF_MATCH": f'"{declaration.version}"'} if wanted == 409 else {}
            answered = answer_of(address(declaration, verb), actor.user, version)
            if answered != wanted:
                wrong.append(f"{state} {verb}: {answered}, expected {wanted}")
    assert wrong == []


def answer_of(path: str, user: User | None, headers: dict[str, str]) -> int:
    """The status that the view behind an address gives to an empty body; the way to it has tests of its own."""
    request = APIRequestFactory().post(path, {}, format="json", **headers)
    force_authenticate(request, user=user)
    found = resolve(path)
    return int(found.func(request, **found.kwargs).status_code)
