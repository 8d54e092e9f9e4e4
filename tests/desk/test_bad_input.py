"""What people and programs send that cannot be: the same sentence by the page and by the interface, nothing saved.

The forms of registration have their own tests; here are the steps of a record, and what clause by clause is forbidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.actions.tokens import create_token
from accounts.actors import SYSTEM
from accounts.models import ApiToken
from escalation import actions as escalation
from escalation.verbs import version_of
from incidents.models import Communication, Declaration
from ledger.models import Entry
from procedure.models import HEADER
from procedure.queries import Words, rules
from record_form.verbs import STEPS
from setup.actions import change_header
from sla.models import Contract
from tests.desk.preparing import each_of
from tests.firm import (
    ADMINISTRATOR,
    BANK_B,
    FENG_AUDITOR,
    HAULIER_H,
    HE_RISK,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WAN_HAULIER_H,
    WU_DESK,
    client_of,
    person,
    staff,
)
from tests.scenes import Scene
from tests.verbs import FORMS, example

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scene")]
Way = Literal["page", "interface"]
WAYS = pytest.mark.parametrize("way", ["page", "interface"])
TOMORROW, YESTERDAY = "2026-11-24T10:00", "2026-11-22T10:00"


@dataclass(frozen=True)
class Answer:
    status: int
    words: str


def send(way: Way, who: str, declaration: Declaration, verb: str, values: dict[str, Any]) -> Answer:
    """Take the step `verb` on the record as it stands, by that way in."""
    version = version_of(declaration, STEPS[verb])
    return (
        _by_page(who, declaration, verb, values, version)
        if way == "page"
        else _by_interface(who, declaration, verb, values, version)
    )


def _by_page(who: str, declaration: Declaration, verb: str, values: dict[str, Any], version: int) -> Answer:
    client = client_of(who)
    typed = {name: "true" if value is True else value for name, value in values.items()}
    answer = client.post(f"/records/{declaration.number}/do/{verb}/", {"version": version, **typed})
    return Answer(answer.status_code, unescape(answer.content.decode()))


def _by_interface(who: str, declaration: Declaration, verb: str, values: dict[str, Any], version: int) -> Answer:
    _token, key = create_token(actor=SYSTEM, user=person(who), name="test", days=1, scope=ApiToken.Scope.WRITE)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}", HTTP_IF_MATCH=f'"{version}"')
    kind = "multipart" if any(isinstance(value, SimpleUploadedFile) for value in values.values()) else "json"
    answer = client.post(f"/api/v1/declarations/{declaration.number}/{verb}/", values, format=kind)
    return Answer(answer.status_code, answer.content.decode() if answer.content else "")


def last_entry(declaration: Declaration) -> int:
    return Entry.objects.filter(stream=declaration.stream).count()


@dataclass(frozen=True)
class Wrong:
    """A step that is refused: on which record, by whom, with what, and what is said about it."""

    made: Callable[[Scene], Declaration]
    verb: str
    values: dict[str, Any]
    sentence: str
    status: int = 422
    who: str = LIU_DESK


def party(**changes: Any) -> dict[str, Any]:
    own = {
        "is_customer": True,
        "contract_in_force": True,
        "service_in_contract": True,
        "customer": BANK_B,
        "contract": "DEMO-HT-2026-002",
        "contact": TANG_BANK_B,
        "contact_means": "13900002001",
    }
    return {**own, **changes}


def unanswered(scene: Scene) -> Declaration:
    return example.unanswered()


def expired(scene: Scene) -> Declaration:
    """A call of the customer whose contract has ended."""
    from_ended = Scene(customer=HAULIER_H, desk=WU_DESK, contact=WAN_HAULIER_H)
    return from_ended.accepted()


SOLUTION = {"cause": "漏检", "solution": "补寄", "solution_kind": "permanent", "told_way": "phone", "none_helped": True}
VISIT = {"who": ["王工"], "place": "机房"}
REPLY = {"way": "phone", "text": "已收到", "contact": TANG_BANK_B}
INPUT: dict[str, Wrong] = {
    "a field is missing": Wrong(Scene.in_progress, "wait", {"awaits": "批次号"}, "This field is required."),
    "nobody knows this contact": Wrong(
        Scene.in_progress, "communicate", {**REPLY, "contact": "C99-P9"}, "valid choice"
    ),
    "the contact is another customer's": Wrong(
        Scene.in_progress, "communicate", {**REPLY, "contact": SHEN_BANK_A}, "valid choice"
    ),
    "an answer that comes tomorrow": Wrong(
        unanswered, "respond", {**REPLY, "responded_at": TOMORROW}, "lies in the future"
    ),
    "an answer before the call": Wrong(
        unanswered, "respond", {**REPLY, "responded_at": YESTERDAY}, "before the declaration was received"
    ),
    "a talk that comes tomorrow": Wrong(
        Scene.in_progress, "communicate", {**REPLY, "happened_at": TOMORROW}, "lies in the future"
    ),
    "a visit that comes tomorrow": Wrong(
        Scene.in_progress, "record_visit", {**VISIT, "arrival": TOMORROW}, "lies in the future"
    ),
    "a time that is none": Wrong(Scene.in_progress, "record_visit", {**VISIT, "arrival": "昨天"}, "valid date/time"),
    "left before arriving": Wrong(
        Scene.in_progress,
        "record_visit",
        {**VISIT, "arrival": YESTERDAY, "departure": "2026-11-21T10:00"},
        "lies before the arrival",
    ),
    "control characters": Wrong(Scene.in_progress, "write_plan", {"text": "坏\x07字"}, "control characters"),
    "a text too long": Wrong(Scene.in_progress, "write_plan", {"text": "长" * 20_001}, "20000"),
    "an unknown category": Wrong(
        Scene.screened, "classify", {"leaf": "BIZ-99", "impact": "minor", "urgency": "low"}, "valid choice"
    ),
}


def refused(way: Way, wrong: Wrong, scene: Scene) -> None:
    declaration = wrong.made(scene)
    entries = last_entry(declaration)
    answer = send(way, wrong.who, declaration, wrong.verb, wrong.values)
    assert (answer.status, wrong.sentence in answer.words) == (wrong.status, True), answer.words[:4000]
    after = Declaration.objects.get(pk=declaration.pk)
    assert (after.version, last_entry(declaration)) == (declaration.version, entries)


@WAYS
@pytest.mark.parametrize("name", INPUT)
def test_bad_input_is_told_in_a_sentence_and_saves_nothing(scene: Scene, way: Way, name: str) -> None:
    refused(way, INPUT[name], scene)


@WAYS
def test_a_contract_that_has_ended_leads_to_sales(scene: Scene, way: Way) -> None:
    declaration = expired(scene)
    contract = Contract.objects.get(customer__code=HAULIER_H)
    values = party(customer=HAULIER_H, contact=WAN_HAULIER_H, contract=contract.number)
    answer = send(way, WU_DESK, declaration, "screen_as_incident", values)
    assert (answer.status, Declaration.objects.get(pk=declaration.pk).state) == (422, "accepted")
    assert re.search("valid choice|in force when it was received", answer.words)


@WAYS
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.4\n" + b"0" * 2_000_000, "Files up to 1 MB."),
        (b"MZ\x90\x00 not a scan", "确认函.pdf"),
        (b"", "empty"),
    ],
    ids=["too large", "mislabelled", "empty"],
)
def test_a_file_that_is_not_taken_says_what_to_do(
    scene: Scene, way: Way, content: bytes, sentence: str, settings: Any
) -> None:
    settings.MAX_UPLOAD_BYTES = 1024**2
    declaration = scene.resolved()
    scan = SimpleUploadedFile("确认函.pdf", content, content_type="application/pdf")
    answer = send(way, LIU_DESK, declaration, "confirm", {"contact": TANG_BANK_B, "way": "signed_scan", "scan": scan})
    assert (answer.status, sentence in answer.words) == (422, True), answer.words[:3000]
    after = Declaration.objects.get(pk=declaration.pk)
    assert (after.confirmed_at, after.attachment_rows.count()) == (None, 0)


@WAYS
def test_characters_of_four_bytes_are_kept(scene: Scene, way: Way) -> None:
    declaration = scene.in_progress()
    assert send(way, LIU_DESK, declaration, "communicate", {**REPLY, "text": "𠮷祥🎉"}).status in (200, 302)
    assert Communication.objects.filter(declaration=declaration, text="𠮷祥🎉").exists()


@pytest.mark.walks
@WAYS
@each_of(STEPS)
def test_a_second_press_of_any_button_changes_nothing(prepared: Declaration, way: Way, verb: str) -> None:
    form, declaration = FORMS[verb], prepared
    version = version_of(declaration, STEPS[verb])
    press = _by_page if way == "page" else _by_interface
    given = for_programs(form.values()) if way == "interface" else form.values()
    first = press(form.by, declaration, verb, given, version)
    assert first.status in (200, 204, 302), first.words[:3000]
    entries, after = last_entry(declaration), Declaration.objects.get(pk=declaration.pk)
    again = press(
        form.by, declaration, verb, for_programs(form.values()) if way == "interface" else form.values(), version
    )
    assert again.status in (403, 404, 409, 412), again.words[:3000]
    assert (last_entry(declaration), Declaration.objects.get(pk=declaration.pk).version) == (entries, after.version)


def for_programs(values: dict[str, Any]) -> dict[str, Any]:
    """The same values as a program sends them: lists as such, yes and no as such, and what a page packs into one."""
    impact, _colon, urgency = str(values.get("cell", "")).partition(":")
    kind, _colon, code = str(values.get("adopted", "")).partition(":")
    plain = {"true": True, "false": False, "on": True}
    given = {name: plain.get(value, value) if isinstance(value, str) else value for name, value in values.items()}
    several = ("who",) if "place" in given else ()
    given |= {name: [given[name]] for name in several if isinstance(given.get(name), str)}
    packed = {"impact": impact, "urgency": urgency, kind: code}
    sent = {**given, **{name: value for name, value in packed.items() if name}}
    return {name: value for name, value in sent.items() if value != "" and name not in ("cell", "adopted")}


# Forbidden by the procedure, section 4 of the reading

FORBIDDEN: dict[str, Wrong] = {
    "classify before screening": Wrong(
        Scene.accepted, "classify", {"leaf": "BIZ-01", "impact": "minor", "urgency": "low"}, "possible only while", 409
    ),
    "start before the look-up": Wrong(Scene.classified, "start", {}, "Consult the knowledge base", 409),
    "close what is not solved": Wrong(Scene.handled, "close", {}, "possible only while", 409),
    "close what is not confirmed": Wrong(Scene.resolved, "close", {}, "Ask the customer to confirm", 409),
    "close while the escalation is undecided": Wrong(
        lambda scene: scene.do(
            escalation.request_escalation, scene.confirmed("severe", "medium"), LIU_DESK, reason="影响严重"
        ),
        "close",
        {},
        "The escalation is undecided",
        409,
    ),
    "an auditor writes": Wrong(Scene.filed, "add_annex", {"text": "补充"}, "This step is for", 403, who=FENG_AUDITOR),
    "risk control decides": Wrong(
        Scene.requested, "decide_escalation", {"approved": True, "reason": "同意"}, "This step is for", 403, who=HE_RISK
    ),
    "risk control signs what nobody decided": Wrong(
        Scene.requested, "countersign", {"agrees": True, "opinion": "同意"}, "no decision waiting", 409, who=HE_RISK
    ),
    "a change after the end": Wrong(Scene.withdrawn, "communicate", REPLY, "has ended", 409),
    "a change after filing": Wrong(Scene.filed, "reopen", {"reason": "又漏装"}, "has ended", 409),
}


@WAYS
@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_the_procedure_forbids_is_refused(scene: Scene, way: Way, name: str) -> None:
    refused(way, FORBIDDEN[name], scene)


@WAYS
def test_the_level_is_computed_whatever_is_sent(scene: Scene, way: Way) -> None:
    declaration = scene.screened()
    grading = {"leaf": "BIZ-01", "priority": "1"}
    values = grading | ({"cell": "minor:low"} if way == "page" else {"impact": "minor", "urgency": "low"})
    answer = send(way, LIU_DESK, declaration, "classify", values)
    if way == "interface":
        assert (answer.status, "There is no such field here." in answer.words) == (422, True)
    else:
        assert Declaration.objects.get(pk=declaration.pk).priority == 4


@WAYS
def test_a_process_that_remembers_the_old_header_writes_the_names_of_the_new_one(
    scene: Scene, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has renamed the first level; this one has shown no page since."""
    declaration = scene.screened()
    version = declaration.procedure_version
    old = rules(version.pk)
    names = {leaf.path[0].zh: Words("运维服务", "Operations") for leaf in old.leaves.values()}
    header = {name: getattr(version, name) for name in HEADER}
    change_header(version, actor=staff(ADMINISTRATOR), version=None, first_levels=names, **header)
    monkeypatch.setattr("procedure.queries.standing._standing", {version.pk: old})
    grading = {"leaf": "BIZ-01"} | ({"cell": "minor:low"} if way == "page" else {"impact": "minor", "urgency": "low"})
    send(way, LIU_DESK, declaration, "classify", grading)
    assert Declaration.objects.get(pk=declaration.pk).leaf_path[0] == "运维服务"
