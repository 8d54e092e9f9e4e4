"""Every step that has a page: posted once, and refused where it has to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localtime

from accounts.queries import holders
from base.clock import now
from desk.record.bar import bar_of
from escalation.verbs import version_of
from incidents.access import next_steps
from incidents.forms import NothingToFill
from incidents.models import Communication, Declaration, HandlingStep, moves
from record_form.verbs import SCREENING, VERBS
from record_form.verbs import STEPS as PAGES
from tests import scenes
from tests.firm import (
    BANK_A,
    BANK_B,
    CHEN_HEAD,
    HE_RISK,
    LIU_DESK,
    SHEN_BANK_A,
    TANG_BANK_B,
    WANG_DESK,
    XU_SALES,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    client_of,
    staff,
)
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scene")]

PARTY = {
    "customer": BANK_B,
    "contract": "DEMO-HT-2026-002",
    "contact": TANG_BANK_B,
    "contact_means": "13900002001",
    "is_customer": "true",
    "contract_in_force": "true",
    "service_in_contract": "true",
}
GRADING = {"leaf": "BIZ-01", "cell": "severe:high", "grading_basis": "全部网点停办"}
WITH_NOTES = Scene(customer=BANK_A, desk=WANG_DESK, contact=SHEN_BANK_A)
SCAN = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


def moment(**back: float) -> str:
    return f"{localtime(now() - timedelta(**back)):%Y-%m-%dT%H:%M}"


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("确认函.pdf", SCAN, "application/pdf")


# verb: (who, the declaration before it, what the person fills in, the state afterwards or None for the same)
STEPS: dict[str, tuple[str, Callable[[], Declaration], Callable[[], dict[str, Any]], str | None]] = {
    "accept": (LIU_DESK, lambda: Scene().relayed(), dict, "accepted"),
    "respond": (
        LIU_DESK,
        lambda: unanswered(),
        lambda: {"way": "phone", "contact": TANG_BANK_B, "text": "已收到，马上处理"},
        None,
    ),
    "screen_as_invalid": (
        LIU_DESK,
        lambda: Scene().accepted(),
        lambda: {"reason": "test", "caller_told": "on"},
        "invalid",
    ),
    "screen_as_incident": (LIU_DESK, lambda: Scene().accepted(), lambda: PARTY, "screened"),
    "screen_as_request": (
        LIU_DESK,
        lambda: Scene().accepted(),
        lambda: {**PARTY, "additions": "周末加派两人"},
        "request_review",
    ),
    "hand_over": (
        LIU_DESK,
        lambda: Scene().accepted(),
        lambda: {"type": "complaint", "receiver": XU_SALES, "content": "客户不满"},
        "handed_over",
    ),
    "change_type": (
        LIU_DESK,
        lambda: Scene().classified(),
        lambda: {"to": "complaint", "reason": "其实是抱怨"},
        "accepted",
    ),
    "give_opinion": (
        CHEN_HEAD,
        lambda: Scene().request_review(),
        lambda: {"agrees": "true", "text": "可以", "role": ""},
        None,
    ),
    "accept_request": (CHEN_HEAD, lambda: Scene().opined(), lambda: {"reason": "一致"}, "request_in_progress"),
    "decline_request": (
        CHEN_HEAD,
        lambda: Scene().refusal_told(),
        lambda: {"reason": "人手不足"},
        "request_declined",
    ),
    "complete_request": (
        CHEN_HEAD,
        lambda: Scene().request_in_progress(),
        lambda: {"result": "已到岗", "completed_on": "2026-11-23"},
        "request_done",
    ),
    "receive_handover": (XU_SALES, lambda: Scene().handed_over(), dict, "handover_received"),
    "return_handover": (XU_SALES, lambda: Scene().handed_over(), lambda: {"reason": "不归我"}, "accepted"),
    "complete_handover": (
        XU_SALES,
        lambda: Scene().handover_received(),
        lambda: {"reference": "TS-1", "result": "已答复"},
        "handover_done",
    ),
    "classify": (LIU_DESK, lambda: Scene().screened(), lambda: GRADING, "classified"),
    "reclassify": (LIU_DESK, lambda: Scene().in_progress(), lambda: {**GRADING, "reason": "扩大了"}, None),
    "reassign": (CHEN_HEAD, lambda: Scene().in_progress(), lambda: {"to": WANG_DESK, "reason": "休假"}, None),
    "confirm_contract_notes": (WANG_DESK, lambda: WITH_NOTES.classified(), dict, None),
    "look_up": (
        LIU_DESK,
        lambda: Scene().classified(),
        lambda: {"query": "漏装", "article": "KB-002"},
        None,
    ),
    "start": (LIU_DESK, lambda: Scene().looked_up(), dict, "in_progress"),
    "write_plan": (LIU_DESK, lambda: Scene().in_progress(), lambda: {"text": "补寄"}, None),
    "log_handling": (LIU_DESK, lambda: Scene().in_progress(), lambda: {"what": "补寄", "result": "已寄"}, None),
    "record_visit": (
        LIU_DESK,
        lambda: Scene().in_progress(),
        lambda: {"who": "刘思远", "place": "清分中心", "arrival": moment(hours=2), "departure": moment(hours=1)},
        None,
    ),
    "record_security_twin": (
        LIU_DESK,
        lambda: Scene().in_progress(),
        lambda: {"subject": "账户被异地登录", "body": "疑似泄密"},
        None,
    ),
    "record_departure": (LIU_DESK, lambda: visited(), lambda: {"departure": moment(hours=1)}, None),
    "report_up": (
        LIU_DESK,
        lambda: Scene().in_progress(),
        lambda: {"reason": "须跨项目调人", "desk_cannot_solve": "on"},
        None,
    ),
    "answer_report": (CHEN_HEAD, lambda: reported(), lambda: {"answer": "先稳住"}, None),
    "take_over": (CHEN_HEAD, lambda: reported(), lambda: {"answer": "由我出面"}, None),
    "wait": (
        LIU_DESK,
        lambda: Scene().in_progress(),
        lambda: {"awaits": "批次号", "contact": TANG_BANK_B, "basis": "今日电话"},
        "waiting_customer",
    ),
    "resume": (LIU_DESK, lambda: Scene().waiting(), lambda: {"received": "批次号已发", "way": "email"}, "in_progress"),
    "communicate": (
        LIU_DESK,
        lambda: Scene().in_progress(),
        lambda: {"way": "phone", "contact": TANG_BANK_B, "text": "今晚完成"},
        None,
    ),
    "warn": (
        LIU_DESK,
        lambda: Scene().in_progress(),
        lambda: {
            "kind": "at_risk",
            "staff": [CHEN_HEAD],
            "contacts": [TANG_BANK_B],
            "reason": "缺纸",
            "letter": "缺纸",
        },
        None,
    ),
    "state_breach_reason": (LIU_DESK, lambda: late(), lambda: {"reason": "纸张断供"}, None),
    "request_escalation": (
        LIU_DESK,
        lambda: Scene().in_progress("severe", "medium"),
        lambda: {"trigger": "", "reason": "影响严重"},
        None,
    ),
    "decide_escalation": (
        CHEN_HEAD,
        lambda: Scene().requested(),
        lambda: {"approved": "true", "reason": "须查根因"},
        None,
    ),
    "countersign": (HE_RISK, lambda: Scene().decided(), lambda: {"agrees": "true", "opinion": "同意"}, None),
    "resolve": (
        LIU_DESK,
        lambda: Scene().handled(),
        lambda: {
            "cause": "漏检",
            "solution": "补寄",
            "solution_kind": "permanent",
            "supporters": "",
            "told_to": TANG_BANK_B,
            "told_way": "phone",
        },
        "resolved",
    ),
    "quick_solve": (
        LIU_DESK,
        lambda: Scene().looked_up("minor", "low"),
        lambda: {"solution": "电话说明", "cause": "", "told_to": TANG_BANK_B, "means": "phone"},
        "resolved",
    ),
    "solve_in_first_contact": (
        LIU_DESK,
        lambda: Scene().screened(),
        lambda: {
            "leaf": "BIZ-01",
            "cell": "minor:low",
            "query": "漏装",
            "adopted": "none",
            "reason": "没有同类处置",
            "solution": "电话说明",
            "told_to": TANG_BANK_B,
            "means": "phone",
        },
        "resolved",
    ),
    "confirm": (
        LIU_DESK,
        lambda: Scene().resolved(),
        lambda: {"contact": TANG_BANK_B, "way": "signed_scan", "opinion": "满意", "satisfaction": "5", "scan": scan()},
        None,
    ),
    "reject": (
        LIU_DESK,
        lambda: Scene().resolved(),
        lambda: {"contact": TANG_BANK_B, "way": "phone", "reason": "还缺一页"},
        "in_progress",
    ),
    "close": (LIU_DESK, lambda: Scene().confirmed(), dict, "closed"),
    "reopen": (LIU_DESK, lambda: Scene().closed(), lambda: {"reason": "又漏了"}, "in_progress"),
    "return_for_completion": (ZHENG_CUSTODIAN, lambda: Scene().closed(), lambda: {"missing": "缺回执"}, None),
    "add_annex": (LIU_DESK, lambda: Scene().closed(), lambda: {"text": "回执", "scan": scan()}, None),
    "withdraw": (LIU_DESK, lambda: Scene().accepted(), lambda: {"who": "唐若宁", "how": "电话"}, "withdrawn"),
    "file": (ZHENG_CUSTODIAN, lambda: Scene().closed(), lambda: {"paper_place": "A-01"}, "filed"),
}


def unanswered() -> Declaration:
    scene = Scene()
    return scenes.actions.accept(scene.call(channel="email"), actor=staff(scene.desk))


def visited() -> Declaration:
    """An incident on whose site somebody still is."""
    scene, arrival = Scene(), now() - timedelta(hours=2)
    there = {"who": ["刘思远"], "place": "清分中心", "arrival": arrival}
    return scene.do(scenes.actions.record_visit, scene.in_progress(), LIU_DESK, **there)


def reported() -> Declaration:
    scene = Scene()
    return scene.do(scenes.actions.report_up, scene.in_progress(), scene.desk, reason="须出面", desk_cannot_solve=True)


def late() -> Declaration:
    scene = Scene()
    early = now() - timedelta(hours=30)
    declaration = scene.accepted(received_at=early)
    declaration = scene.do(scenes.actions.screen_as_incident, declaration, scene.desk, **scene.party())
    grading = scenes.actions.Grading("BIZ-01", "severe", "high", basis="停办")
    return scene.do(scenes.actions.classify, declaration, scene.desk, grading=grading)


def address(declaration: Declaration, verb: str) -> str:
    return f"/records/{declaration.number}/do/{verb}/"


def post(who: str, declaration: Declaration, verb: str, values: dict[str, Any], **more: Any) -> Any:
    version = {"version": version_of(declaration, PAGES[verb])}
    return client_of(who).post(address(declaration, verb), {**version, **values, **more})


def test_every_move_of_a_record_has_a_page_but_those_that_begin_it() -> None:
    assert set(moves()) - set(VERBS) == {"relay", "join_alarm"}
    assert set(PAGES) == set(STEPS)


@pytest.mark.parametrize("verb", STEPS)
def test_the_form_is_shown_and_carries_out_the_step(verb: str) -> None:
    who, before, values, after = STEPS[verb]
    declaration = before()
    shown = client_of(who).get(address(declaration, verb))
    assert shown.status_code == 200, shown.content.decode()
    assert 'name="version"' in shown.content.decode()
    answer = post(who, declaration, verb, values())
    assert answer.status_code == 302, answer.content.decode()[-6000:]
    assert (answer.url == f"/records/{declaration.number}/") is not PAGES[verb].leads_on
    assert Declaration.objects.get(pk=declaration.pk).state == (after or declaration.state)


@pytest.mark.parametrize("verb", [verb for verb in STEPS if PAGES[verb].form is not NothingToFill])
def test_an_empty_form_is_refused_with_its_sentences_and_saves_nothing(verb: str) -> None:
    who, before, _values, _after = STEPS[verb]
    declaration = before()
    answer = post(who, declaration, verb, {})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Declaration.objects.get(pk=declaration.pk).version == declaration.version


@pytest.mark.parametrize("verb", STEPS)
def test_somebody_without_the_right_is_refused(verb: str) -> None:
    who, before, values, _after = STEPS[verb]
    declaration = before()
    assert post(ZHAO_DESK, declaration, verb, values()).status_code == 404
    colleague = WANG_DESK if who != WANG_DESK else LIU_DESK
    assert post(colleague, declaration, verb, values()).status_code == 403


def test_a_step_without_version_is_refused() -> None:
    declaration = Scene().in_progress()
    answer = client_of(LIU_DESK).post(address(declaration, "write_plan"), {"text": "补寄"})
    assert answer.status_code == 428
    assert Declaration.objects.get(pk=declaration.pk).plan == ""


def test_an_unknown_verb_is_not_found() -> None:
    declaration = Scene().in_progress()
    assert client_of(LIU_DESK).get(address(declaration, "delete")).status_code == 404
    assert client_of(LIU_DESK).get(address(declaration, "join_alarm")).status_code == 404


def test_a_double_click_saves_once() -> None:
    declaration = Scene().in_progress()
    values = {"what": "补寄", "result": "已寄"}
    first = post(LIU_DESK, declaration, "log_handling", values)
    second = post(LIU_DESK, declaration, "log_handling", values)
    assert (first.status_code, second.status_code) == (302, 412)
    assert HandlingStep.objects.filter(declaration=declaration).count() == 1


def test_the_back_button_after_a_step_leads_to_a_sentence() -> None:
    declaration = Scene().looked_up()
    assert post(LIU_DESK, declaration, "start", {}).status_code == 302
    again = post(LIU_DESK, declaration, "start", {})
    assert again.status_code == 412
    assert "So this step can no longer be taken" in again.content.decode()
    assert client_of(LIU_DESK).get(address(declaration, "start")).status_code == 409


def test_a_step_that_a_guard_holds_back_says_why_and_keeps_what_was_typed() -> None:
    declaration = Scene().in_progress("severe", "high")
    answer = post(LIU_DESK, declaration, "resolve", STEPS["resolve"][2]())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Write the plan first; levels 1 and 2 need one." in page
    assert "漏检" in page


def test_with_htmx_the_answer_is_only_the_part_that_changes() -> None:
    declaration = Scene().in_progress()
    client, headers = client_of(LIU_DESK), {"HX-Request": "true"}
    version = {"version": declaration.version}
    refused = client.post(address(declaration, "write_plan"), version, headers=headers)
    assert refused.status_code == 422
    assert refused.content.decode().lstrip().startswith('<div id="step"')
    done = client.post(address(declaration, "write_plan"), {**version, "text": "补寄"}, headers=headers)
    assert done.headers["HX-Redirect"] == f"/records/{declaration.number}/"


def test_control_characters_are_refused_and_four_byte_characters_kept() -> None:
    declaration = Scene().in_progress()
    values = {"way": "phone", "contact": TANG_BANK_B}
    assert post(LIU_DESK, declaration, "communicate", {**values, "text": "坏\x07字"}).status_code == 422
    assert post(LIU_DESK, declaration, "communicate", {**values, "text": "𠮷祥🎉"}).status_code == 302
    assert Communication.objects.filter(declaration=declaration, text="𠮷祥🎉").exists()


def test_a_mislabelled_scan_is_refused_in_its_field() -> None:
    declaration = Scene().resolved()
    wrong = SimpleUploadedFile("确认函.pdf", b"MZ\x90\x00 not a scan", "application/pdf")
    values = {**STEPS["confirm"][2](), "scan": wrong}
    answer = post(LIU_DESK, declaration, "confirm", values)
    assert answer.status_code == 422
    assert Declaration.objects.get(pk=declaration.pk).confirmed_at is None


def test_the_tree_of_screening_leads_to_the_right_step() -> None:
    outcomes = {
        ("yes", "incident", "inside"): "screened",
        ("yes", "request", "inside"): "request_review",
        ("yes", "complaint", ""): "handed_over",
        ("yes", "infosec", ""): "handed_over",
        ("yes", "incident", "outside"): "handed_over",
        ("yes", "request", "outside"): "handed_over",
        ("no", "", ""): "invalid",
    }
    receivers = {"complaint": XU_SALES, "infosec": XU_SALES}
    for (valid, kind, scope), state in outcomes.items():
        declaration = Scene().accepted()
        receiver = receivers.get(kind, XU_SALES)
        values = {
            **{name: PARTY[name] for name in ("customer", "contract", "contact", "contact_means")},
            "valid": valid,
            "kind": kind,
            "scope": scope,
            "receiver": receiver_of(kind, scope) or receiver,
            "content": "见原话",
            "reason": "test",
            "caller_told": "on",
            "version": declaration.version,
        }
        answer = client_of(LIU_DESK).post(f"/records/{declaration.number}/screen/", values)
        assert answer.status_code == 302, (valid, kind, scope, answer.content.decode()[-3000:])
        assert Declaration.objects.get(pk=declaration.pk).state == state


def receiver_of(kind: str, scope: str) -> str:
    role = {"complaint": "complaint_owner", "infosec": "security_officer"}.get(kind, "sales")
    return holders(role)[0].employee_number


def test_an_open_question_of_the_tree_is_named() -> None:
    declaration = Scene().accepted()
    answer = client_of(LIU_DESK).post(
        f"/records/{declaration.number}/screen/", {"version": declaration.version, "valid": "yes", "kind": "incident"}
    )
    assert answer.status_code == 422
    assert "Say whether the contract covers it." in answer.content.decode()


def test_the_choice_of_a_cell_tells_level_and_due_time_before_it_is_made() -> None:
    declaration = Scene().screened()
    answer = client_of(LIU_DESK).get(
        f"/records/{declaration.number}/follows/", {"leaf": "BIZ-01", "cell": "severe:high"}
    )
    page = answer.content.decode()
    assert "Severe impact: a problem has to be requested." in page
    assert "A plan has to be written" in page
    assert "hx-swap-oob" in page


def test_the_four_outcomes_of_screening_are_one_button() -> None:
    declaration = Scene().accepted()
    bar = bar_of(declaration, next_steps(staff(LIU_DESK), declaration))
    offered = [bar.next, *bar.others, *bar.rare]
    assert [each.verb for each in offered if each and each.verb in SCREENING] == ["screen_as_incident"]
