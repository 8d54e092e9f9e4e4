"""A rule of the procedure stands under page and API: the same input gets the same answer in the same sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from escalation.verbs import version_of
from incidents.models import Declaration
from record_form.verbs import STEPS
from tests import scenes
from tests.firm import (
    BANK_A,
    BANK_B,
    GU_BANK_A,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WANG_DESK,
    XU_SALES,
    ZHENG_CUSTODIAN,
    person,
    sign_in,
    staff,
)
from tests.scenes import Scene

pytestmark = pytest.mark.django_db
BANK = Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
PARTY = {"customer": BANK_B, "contract": "DEMO-HT-2026-002", "contact": TANG_BANK_B, "contact_means": "13900002001"}
Answer = tuple[int, dict[str, list[str]]]


CALL = {"subject": "对账单漏装", "body": "来函说本月对账单漏装一页。", "received_at": "2026-11-23T09:59"}
PAPER = {"pages": "2", "received_on": "2026-11-20"}
NO_SCAN = {"attachments": "Attach the scan as PDF, JPG, PNG or TIFF, or say why there is no file."}
NO_MAIL = {"attachments": "Attach the original message as .eml, or say why there is no file."}
INSIDER = (
    "This is how %s of our own staff is reached. Internal requests are not taken here: choose the customer that is "
    "affected, or refer the caller to internal support."
)
# What comes in, with its files, and the sentence of each field that answers it.
CALLS: dict[str, tuple[dict[str, str], dict[str, bytes], dict[str, str]]] = {
    "a letter with nothing": (
        {"channel": "letter"},
        {},
        {
            **NO_SCAN,
            "pages": "Letters and faxes need the number of pages.",
            "received_on": "Enter the day on which the letter or fax came in.",
        },
    ),
    "a letter typed off": ({"channel": "letter", **PAPER}, {"来函.txt": "来函全文".encode()}, NO_SCAN),
    "a fax as a telephone takes pictures": (
        {"channel": "fax", **PAPER},
        {"来函.heic": b"\x00\x00\x00\x18ftypheic"},
        NO_SCAN,
    ),
    "a letter of tomorrow": (
        {"channel": "letter", **PAPER, "received_on": "2026-11-24", "no_file_reason": "原件由客户存档"},
        {},
        {"received_on": "A letter or fax cannot have come in after today."},
    ),
    "an e-mail without its original": ({"channel": "email"}, {}, NO_MAIL),
    "an e-mail as a picture": ({"channel": "email"}, {"邮件.png": b"\x89PNG\r\n\x1a\n"}, NO_MAIL),
}


@dataclass(frozen=True)
class Case:
    """What somebody sends, the sentence of each field that answers it, and the fence that answers.

    `nothing` is what the fence says when it has nothing to say.
    """

    verb: str
    by: str
    made: Callable[[], Declaration]
    values: dict[str, Any]
    errors: dict[str, str]
    fence: str = ""
    nothing: Any = None


CASES = {
    "none fits, and nothing that could be searched for": Case(
        "look_up",
        LIU_DESK,
        Scene().classified,
        {"query": "？！", "reason": "情形不同"},
        {"query": "Enter the words to search for."},
        "incidents.actions.handling.query_tokens",
        ["？！"],
    ),
    "confirmed by somebody without the right, and no reason": Case(
        "confirm",
        WANG_DESK,
        BANK.resolved,
        {"contact": GU_BANK_A, "way": "phone"},
        {"unauthorised_confirmation_reason": "This person may not confirm: give the reason, or ask one who may."},
        "incidents.actions.confirmation._unexplained",
    ),
    "solved while the head owes an answer": Case(
        "resolve",
        LIU_DESK,
        lambda: reported(),
        {
            "cause": "漏检",
            "solution": "补寄",
            "solution_kind": "permanent",
            "told_to": TANG_BANK_B,
            "told_way": "phone",
        },
        {
            "unanswered_report_reason": "The head has not answered your report: wait for the answer, or say why it is "
            "solved without one."
        },
    ),
    "information security apart, and nothing said": Case(
        "record_security_twin",
        LIU_DESK,
        lambda: Scene().in_progress(),
        {"subject": "账户被异地登录", "body": " "},
        {"body": "This field is required."},
    ),
    "a departure that comes tomorrow": Case(
        "record_departure",
        LIU_DESK,
        lambda: visited(),
        {"departure": "2026-11-24T07:00"},
        {"departure": "The departure lies in the future."},
        "incidents.actions.handling._departure_problem",
    ),
    "a departure, and two are on site": Case(
        "record_departure",
        LIU_DESK,
        lambda: visited(visited()),
        {"departure": "2026-11-23T09:30"},
        {"visit": "Choose the visit that has ended."},
    ),
    "a colleague's own request to sales": Case(
        "hand_over",
        WANG_DESK,
        lambda: colleague(),
        {"type": "out_of_scope_customer", "receiver": XU_SALES, "content": "电脑坏了", "is_customer": False},
        {"customer": INSIDER % "冯持衡"},
        "incidents.actions.scope.own_request",
    ),
    "a complaint of nobody": Case(
        "hand_over",
        WANG_DESK,
        lambda: anonymous(),
        {"type": "complaint", "receiver": XU_SALES, "content": "不满"},
        {
            "customer": "Ask for the customer's name and choose it.",
            "contact": "Ask for the contact person and choose them.",
            "contact_means": "Ask for one means of contact: phone or e-mail.",
        },
        "incidents.actions.scope.party_problems",
        {},
    ),
    "to sales without an answer": Case(
        "hand_over",
        LIU_DESK,
        Scene().accepted,
        {"type": "out_of_scope_customer", "receiver": XU_SALES, "content": "咨询"},
        {"is_customer": "Say whether it is or was a customer of ours."},
        "incidents.actions.scope._outside_problems",
        {},
    ),
    "to sales while a contract is in force": Case(
        "hand_over",
        LIU_DESK,
        Scene().accepted,
        {"type": "out_of_scope_customer", "receiver": XU_SALES, "content": "咨询", "is_customer": False},
        {"contract_in_force": "DEMO-HT-2026-002 was in force when it was received."},
        "incidents.actions.scope._outside_problems",
        {},
    ),
    "a service request beyond the contract": Case(
        "screen_as_request",
        LIU_DESK,
        Scene().accepted,
        {**PARTY, "is_customer": True, "contract_in_force": True, "service_in_contract": False},
        {"service_in_contract": "Not part of the contract: hand it over to sales."},
        "incidents.actions.scope._inside_problems",
        {},
    ),
    "invalid, and the caller knows nothing": Case(
        "screen_as_invalid",
        LIU_DESK,
        Scene().accepted,
        {"reason": "test", "caller_told": False},
        {"caller_told": "Tell the caller that it ends here."},
        "incidents.actions.screening.is_reachable",
    ),
    **{
        f"{verb} under the contract of another customer": Case(
            verb,
            LIU_DESK,
            Scene().accepted,
            {**values, "contract": "DEMO-HT-2026-001"},
            {"contract": "Select a valid choice. That choice is not one of the available choices."},
        )
        for verb, values in (
            ("hand_over", {"type": "complaint", "receiver": XU_SALES, "content": "不满"}),
            ("screen_as_invalid", {"reason": "test", "caller_told": True}),
            ("screen_as_incident", {}),
            ("screen_as_request", {}),
        )
    },
    "confirmed by somebody of another customer": Case(
        "confirm",
        WANG_DESK,
        BANK.resolved,
        {"contact": TANG_BANK_B, "way": "phone"},
        {"contact": "Select a valid choice. That choice is not one of the available choices."},
    ),
}


def colleague() -> Declaration:
    """A call without a number, of which the desk learns on calling back that it was one of our own staff."""
    declaration = anonymous()
    Declaration.objects.filter(pk=declaration.pk).update(caller_phone="13800000011")
    return Declaration.objects.get(pk=declaration.pk)


def visited(declaration: Declaration | None = None) -> Declaration:
    """An incident on whose site somebody has been since eight o'clock."""
    there = {"who": ["王工"], "place": "客户机房", "arrival": scenes.MONDAY - timedelta(hours=2)}
    return Scene().do(scenes.actions.record_visit, declaration or Scene().in_progress(), LIU_DESK, **there)


def anonymous() -> Declaration:
    """A call of somebody who said nothing about himself, answered at the duty desk."""
    call = Scene().call(contact=None, caller_name="", caller_phone="")
    return scenes.actions.accept(call, actor=staff(WANG_DESK), answered_live=True)


def reported() -> Declaration:
    """A level 1 incident whose desk has told the head that it cannot solve it alone."""
    scene = Scene()
    handled = scene.handled("severe", "high")
    return scene.do(scenes.actions.report_up, handled, LIU_DESK, reason="须跨项目调人", desk_cannot_solve=True)


def by_page(client: APIClient, declaration: Declaration, verb: str, values: dict[str, Any]) -> Answer:
    typed = {name: str(value).lower() if isinstance(value, bool) else value for name, value in values.items()}
    sent = {**typed, "version": version_of(declaration, STEPS[verb])}
    answer = client.post(f"/records/{declaration.number}/do/{verb}/", sent, format="multipart")
    form = answer.context["form"] if answer.context else None
    found = {name: [str(one) for one in each] for name, each in form.errors.items()} if form is not None else {}
    for sentence in (one for each in found.values() for one in each):
        assert sentence in unescape(answer.content.decode()), "the page shows it"
    return answer.status_code, found


def by_api(client: APIClient, declaration: Declaration, verb: str, values: dict[str, Any]) -> Answer:
    address = f"/api/v1/declarations/{declaration.number}/{verb}/"
    version = f'"{version_of(declaration, STEPS[verb])}"'
    answer = client.post(address, values, format="json", HTTP_IF_MATCH=version)
    return answer.status_code, answer.json().get("errors", {})


DOORS = (by_page, by_api)


def client_of(number: str) -> APIClient:
    client = APIClient()
    sign_in(client, person(number))
    client.credentials(HTTP_ACCEPT_LANGUAGE="en")
    return client


@pytest.mark.parametrize("name", CASES)
def test_page_and_api_refuse_the_same_in_the_same_sentences(scene: Scene, name: str) -> None:
    case = CASES[name]
    declaration = case.made()
    expected = (422, {each: [sentence] for each, sentence in case.errors.items()})
    for door in DOORS:
        assert door(client_of(case.by), declaration, case.verb, case.values) == expected, door.__name__
    assert Declaration.objects.get(pk=declaration.pk).version == declaration.version


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.fence])
def test_without_its_fence_the_same_input_goes_through(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    case = CASES[name]
    declaration = case.made()
    monkeypatch.setattr(case.fence, lambda *_given, **_named: case.nothing)
    status, found = by_page(client_of(case.by), declaration, case.verb, case.values)
    assert (status, found) == (302, {})


def files_of(given: dict[str, bytes]) -> dict[str, list[SimpleUploadedFile]]:
    return {"attachments": [SimpleUploadedFile(name, content) for name, content in given.items()]} if given else {}


def logged_by_page(by: str, values: dict[str, str], files: dict[str, bytes]) -> Answer:
    """By the desk, or passed on by the desk of another customer with the same form."""
    typed = {"caller": "13900002001", "act": "accept" if by == LIU_DESK else "relay"}
    answer = client_of(by).post("/register/", {**CALL, **typed, **values, **files_of(files)})
    form = answer.context["form"] if answer.context else None
    found = {name: [str(one) for one in each] for name, each in form.errors.items()} if form is not None else {}
    assert all(one in unescape(answer.content.decode()) for each in found.values() for one in each)
    return answer.status_code, found


def logged_by_api(by: str, values: dict[str, str], files: dict[str, bytes]) -> Answer:
    address = "/api/v1/declarations/" if by == LIU_DESK else "/api/v1/declarations/relay/"
    sent = {**CALL, "contact": TANG_BANK_B, **values, **files_of(files)}
    sent["received_at"] += ":00+08:00"
    answer = client_of(by).post(address, sent, format="multipart", HTTP_IDEMPOTENCY_KEY="a")
    return answer.status_code, answer.json().get("errors", {})


REGISTERING = (logged_by_page, logged_by_api)


@pytest.mark.parametrize("by", [LIU_DESK, WANG_DESK], ids=["accepted", "relayed"])
@pytest.mark.parametrize("name", CALLS)
def test_every_way_of_registering_refuses_the_same_in_the_same_sentences(scene: Scene, name: str, by: str) -> None:
    values, files, errors = CALLS[name]
    expected = (422, {field: [sentence] for field, sentence in errors.items()})
    for door in REGISTERING:
        assert door(by, values, files) == expected, door.__name__
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("by", [LIU_DESK, WANG_DESK], ids=["accepted", "relayed"])
@pytest.mark.parametrize("door", REGISTERING)
@pytest.mark.parametrize("name", CALLS)
def test_without_the_fence_of_papers_the_same_call_is_registered(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str, door: Callable[..., Answer], by: str
) -> None:
    monkeypatch.setattr("incidents.actions.calls.original_problems", lambda _call: {})
    monkeypatch.setattr("incidents.forms.call.original_lacks", lambda _channel, _reason: {})
    values, files, _errors = CALLS[name]
    status, found = door(by, values, files)
    assert (status in (201, 302), found) == (True, {})


@pytest.mark.parametrize("door", REGISTERING)
def test_with_the_reason_the_call_is_registered_at_every_door(scene: Scene, door: Callable[..., Answer]) -> None:
    status, found = door(LIU_DESK, {"channel": "letter", **PAPER, "no_file_reason": "原件由客户存档"}, {})
    assert (status in (201, 302), found) == (True, {})
    assert Declaration.objects.get().no_file_reason == "原件由客户存档"


def colleague_by_page(by: str) -> Answer:
    typed = {"channel": "phone", "caller": "郑可心", "caller_phone": "138 0000 0009", "act": "accept"}
    answer = client_of(by).post("/register/", {**CALL, **typed})
    form = answer.context["form"] if answer.context else None
    return answer.status_code, {name: list(map(str, each)) for name, each in form.errors.items()} if form else {}


def colleague_by_api(by: str) -> Answer:
    address = "/api/v1/declarations/" if by == WANG_DESK else "/api/v1/declarations/relay/"
    sent = {**CALL, "received_at": "2026-11-23T09:59:00+08:00", "channel": "phone", "caller_name": "郑可心"}
    answer = client_of(by).post(
        address, {**sent, "caller_phone": "+86 13800000009"}, format="json", HTTP_IDEMPOTENCY_KEY=f"of {by}"
    )
    return answer.status_code, answer.json().get("errors", {})


@pytest.mark.parametrize("by", [WANG_DESK, ZHENG_CUSTODIAN], ids=["duty desk", "relayed"])
@pytest.mark.parametrize("door", [colleague_by_page, colleague_by_api])
def test_a_colleagues_own_request_is_refused_with_the_hint(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, door: Callable[[str], Answer], by: str
) -> None:
    assert door(by) == (422, {"caller_phone": [INSIDER % "郑可心"]})
    assert not Declaration.objects.exists()
    monkeypatch.setattr("incidents.actions.calls.own_request", lambda *_known: None)
    status, found = door(by)
    assert (status in (201, 302), found, Declaration.objects.count()) == (True, {}, 1)


def test_a_colleague_who_calls_for_a_customer_is_taken_on(scene: Scene) -> None:
    call = scene.call(caller_name="郑可心", caller_phone="13800000009")
    assert scenes.actions.accept(call, actor=staff(LIU_DESK)).customer.code == BANK_B
