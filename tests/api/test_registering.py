"""Registering a declaration over the interface: once a key, with the same sentences as on the page."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import middleware
from api import base
from api import declarations as views
from base.clock import set_clock
from incidents import actions
from incidents.models import Declaration
from ledger.models import Entry
from tests import scenes
from tests.files.conftest import PDF
from tests.firm import BANK_B, LIU_DESK, LUO_BANK_B, SHEN_BANK_A, TANG_BANK_B, XU_SALES, ZHENG_CUSTODIAN

pytestmark = pytest.mark.django_db
LIST = "/api/v1/declarations/"
CALL = {
    "channel": "phone",
    "received_at": "2026-11-23T09:59:00+08:00",
    "subject": "对账单漏装",
    "body": "客户来电，说本月对账单漏装一页。",
    "contact": TANG_BANK_B,
    "answered_live": True,
}


def send(client, key="a", address=LIST, **changes):
    values = {name: value for name, value in {**CALL, **changes}.items() if value != "absent"}
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return client.post(address, json.dumps(values), content_type="application/json", **headers)


def test_a_call_is_accepted_and_answered_with_number_and_version(scene, call_as):
    response = send(call_as(LIU_DESK))
    body = response.json()
    assert (response.status_code, response["ETag"]) == (201, '"1"')
    assert (body["number"], body["state"], body["customer"]) == ("SD-20261123-001", "accepted", BANK_B)
    assert body["first_response_at"] == "2026-11-23T09:59:00+08:00"


def test_the_same_key_gives_the_same_declaration(scene, call_as):
    client = call_as(LIU_DESK)
    first, second = send(client), send(client)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert Declaration.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "另一件事"},
        {"received_at": "2026-11-23T09:58:00+08:00"},
        {"contact": LUO_BANK_B},
        {"caller_phone": "13900002002"},
        {"other_demands": "另附一份说明"},
        {"answered_live": False},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_key_for_another_call_is_refused(scene, call_as, changes):
    client = call_as(LIU_DESK)
    first = send(client).json()["number"]
    refused = send(client, **changes)
    assert refused.status_code == 422
    assert first in refused.json()["errors"]["Idempotency-Key"][0]
    assert Declaration.objects.count() == 1


ALARM = {"channel": "monitoring", "customer": BANK_B, "contact": "absent", "answered_live": False, "source": "监控平台"}


def test_another_alarm_under_the_key_of_the_first_is_refused_and_not_swallowed(scene, call_as):
    client = call_as(LIU_DESK)
    first = send(client, **ALARM, source_ref="disk-full", system="前置机")
    for changes in ({"source_ref": "disk-gone"}, {"source_ref": "disk-full", "system": "备机"}):
        assert "Idempotency-Key" in send(client, **ALARM, **{"system": "前置机", **changes}).json()["errors"]
    again = send(client, **ALARM, source_ref="disk-full", system="前置机")
    assert (first.status_code, again.status_code) == (201, 200)
    assert Declaration.objects.get().alarm_count == 0


def test_a_retry_after_a_correction_is_still_the_same_call(scene, call_as):
    client = call_as(LIU_DESK)
    number = send(client).json()["number"]
    with set_clock(scenes.MONDAY):
        scene.do(actions.screen_as_incident, Declaration.objects.get(), scene.desk, **scene.party())
    assert send(client).json()["number"] == number


@pytest.mark.parametrize(("code", "status"), [(TANG_BANK_B, 422), (SHEN_BANK_A, 422)])
def test_whom_a_person_is_not_told_of_nobody_names_by_a_guessed_code(scene, call_as, code, status):
    refused = send(call_as(XU_SALES), address=f"{LIST}relay/", answered_live="absent", contact=code)
    assert (refused.status_code, Declaration.objects.count()) == (status, 0)
    assert set(refused.json()["errors"]) == {"contact"}


def test_a_key_of_somebody_else_gives_away_nothing(scene, call_as):
    first = send(call_as(LIU_DESK)).json()["number"]
    relayed = send(
        call_as(ZHENG_CUSTODIAN), address=f"{LIST}relay/", answered_live="absent", caller_phone="13900002001"
    )
    assert (relayed.status_code, relayed.json()["number"]) == (201, "SD-20261123-002")
    assert first != relayed.json()["number"]


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_without_a_usable_key_nothing_is_registered(scene, call_as, key):
    assert send(call_as(LIU_DESK), key=key).status_code == 400
    assert not Declaration.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": "absent"}, "subject"),
        ({"channel": "pigeon"}, "channel"),
        ({"received_at": "2026-11-24T10:00:00+08:00"}, "received_at"),
        ({"received_at": "2026-11-19T10:00:00+08:00"}, "late_reason"),
        ({"received_at": "0001-01-01T00:00:00+14:00", "late_reason": "很久以前"}, "received_at"),
        ({"received_at": "9999-12-31T23:59:59-14:00"}, "received_at"),
        ({"contact": "C99-P9"}, "contact"),
        ({"contact": SHEN_BANK_A, "customer": BANK_B}, "contact"),
        ({"channel": "letter"}, "attachments"),
        ({"channel": "monitoring", "answered_live": False}, "source"),
        ({"priority": 1}, "priority"),
        ({"subject": 7}, "subject"),
        ({"answered_live": "yes"}, "answered_live"),
        ({"pages": True}, "pages"),
        ({"body": "\ud800"}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"attachments": ["letter.pdf"]}, "attachments"),
    ],
)
def test_what_is_wrong_is_said_of_its_field_and_nothing_is_saved(scene, call_as, changes, field):
    response = send(call_as(LIU_DESK), **changes)
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert field in response.json()["errors"]
    assert not Declaration.objects.exists()


def test_four_byte_characters_are_kept(scene, call_as):
    assert send(call_as(LIU_DESK), subject="😀 大额𠮷").json()["subject"] == "😀 大额𠮷"


@pytest.mark.parametrize("body", ["[1]", '"text"', "{", "[" * 100_000, b"\xff\xfe", '{"subject": NaN}'])
def test_what_is_no_object_is_refused(scene, call_as, body):
    response = call_as(LIU_DESK).post(LIST, body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="a")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("twice", ['{"subject": "电", "subject": "信"}', '{"a": {"name": 1, "name": 1}}'])
def test_what_is_named_twice_is_refused_instead_of_lost(scene, call_as, twice):
    response = call_as(LIU_DESK).post(LIST, twice, content_type="application/json", HTTP_IDEMPOTENCY_KEY="a")
    assert (response.status_code, "send it once" in response.json()["detail"]) == (400, True)
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("body", [r'{"\ud800": 1}', r'{"\ud800": 1, "\ud800": 2}'])
def test_a_name_that_is_no_text_is_refused(scene, call_as, body):
    response = call_as(LIU_DESK).post(LIST, body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="a")
    assert response.status_code == 400


def test_a_body_beyond_a_megabyte_is_refused(scene, call_as):
    body = json.dumps({**CALL, "body": "x" * 1_100_000})
    response = call_as(LIU_DESK).post(LIST, body, content_type="application/json", HTTP_IDEMPOTENCY_KEY="a")
    assert response.status_code == 413


def test_other_media_types_are_refused(scene, call_as):
    response = call_as(LIU_DESK).post(LIST, "a: b", content_type="text/yaml", HTTP_IDEMPOTENCY_KEY="a")
    assert response.status_code == 415


def test_who_is_not_the_desk_relays_instead(scene, call_as):
    client = call_as(ZHENG_CUSTODIAN)
    refused = send(client)
    assert (refused.status_code, refused.json()["clause"]) == (403, "5.4.1")
    relayed = send(client, address=f"{LIST}relay/", answered_live="absent", caller_phone="13900002001").json()
    assert (relayed["state"], relayed["relayed_by"]) == ("relayed", ZHENG_CUSTODIAN)


def test_a_token_for_reading_registers_nothing(scene, call_as):
    assert send(call_as(LIU_DESK, scope="read")).status_code == 403


def test_a_letter_comes_with_its_scan(scene, call_as):
    scan = SimpleUploadedFile("letter.pdf", PDF, content_type="application/pdf")
    values = {**CALL, "channel": "letter", "pages": "1", "received_on": "2026-11-20"}
    values |= {"attachments": [scan], "answered_live": "false"}
    response = call_as(LIU_DESK).post(LIST, values, format="multipart", HTTP_IDEMPOTENCY_KEY="a")
    assert response.status_code == 201, response.json()
    assert [each["name"] for each in response.json()["attachments"]] == ["letter.pdf"]


def test_an_email_without_its_original_says_why(scene, call_as):
    body = send(call_as(LIU_DESK), channel="email", no_file_reason="由网页邮箱转述").json()
    assert (body["channel"], body["no_file_reason"]) == ("email", "由网页邮箱转述")


def test_the_ledger_says_that_it_came_over_the_interface(scene, call_as):
    send(call_as(LIU_DESK))
    body = json.loads(Entry.objects.get(stream__startswith="declaration:", action="accept").body)
    assert (body["via"], body["actor_name"]) == ("api", "刘思远")


def test_who_calls_and_what_was_registered_are_read_once_each(scene, call_as, monkeypatch):
    client, read = call_as(LIU_DESK), []
    for module, name in ((middleware, "actor_for"), (base, "actor_for"), (views, "whole")):
        monkeypatch.setattr(module, name, counting(getattr(module, name), read))
    assert send(client).status_code == 201
    assert sorted(read) == ["actor_for", "whole"]


def test_an_actor_asked_for_anew_each_time_would_be_seen(scene, call_as, monkeypatch):
    client, read = call_as(LIU_DESK), []
    monkeypatch.setattr(base, "actor_for", counting(base.actor_for, read))
    monkeypatch.setattr(base.ApiView, "actor", property(base.ApiView.actor.func))
    assert send(client).status_code == 201
    assert len(read) > 1


def counting(call, read):
    def counted(*args, **options):
        read.append(call.__name__)
        return call(*args, **options)

    return counted
