"""Every step that has a page: posted once, and refused where it has to be."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.queries import holders
from desk.record.bar import bar_of
from escalation.verbs import version_of
from incidents.access import next_steps
from incidents.forms import NothingToFill
from incidents.models import Communication, Declaration, HandlingStep, moves
from record_form.verbs import SCREENING, STEPS, VERBS
from tests.desk.preparing import each_of
from tests.firm import (
    LIU_DESK,
    TANG_BANK_B,
    WANG_DESK,
    XU_SALES,
    ZHAO_DESK,
    client_of,
    staff,
)
from tests.scenes import Scene
from tests.verbs import FORMS
from tests.verbs.example import PARTY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scene")]
EACH = each_of(FORMS)


def address(declaration: Declaration, verb: str) -> str:
    return f"/records/{declaration.number}/do/{verb}/"


def post(who: str, declaration: Declaration, verb: str, values: dict[str, Any], **more: Any) -> Any:
    version = {"version": version_of(declaration, STEPS[verb])}
    return client_of(who).post(address(declaration, verb), {**version, **values, **more})


def test_every_move_of_a_record_has_a_page_but_those_that_begin_it() -> None:
    assert set(moves()) - set(VERBS) == {"relay", "join_alarm"}
    assert set(STEPS) == set(FORMS)


@EACH
def test_the_form_is_shown_and_carries_out_the_step(prepared: Declaration, verb: str) -> None:
    form, declaration = FORMS[verb], prepared
    shown = client_of(form.by).get(address(declaration, verb))
    assert shown.status_code == 200, shown.content.decode()
    assert 'name="version"' in shown.content.decode()
    answer = post(form.by, declaration, verb, form.values())
    assert answer.status_code == 302, answer.content.decode()[-6000:]
    assert (f"/{declaration.number}/" in answer.url) is not STEPS[verb].leads_on
    assert Declaration.objects.get(pk=declaration.pk).state == (form.state or declaration.state)


@pytest.mark.walks
@each_of(verb for verb in FORMS if STEPS[verb].form is not NothingToFill)
def test_an_empty_form_is_refused_with_its_sentences_and_saves_nothing(prepared: Declaration, verb: str) -> None:
    form, declaration = FORMS[verb], prepared
    answer = post(form.by, declaration, verb, {})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Declaration.objects.get(pk=declaration.pk).version == declaration.version


@pytest.mark.walks
@EACH
def test_somebody_without_the_right_is_refused(prepared: Declaration, verb: str) -> None:
    form, declaration = FORMS[verb], prepared
    assert post(ZHAO_DESK, declaration, verb, form.values()).status_code == 404
    colleague = WANG_DESK if form.by != WANG_DESK else LIU_DESK
    assert post(colleague, declaration, verb, form.values()).status_code == 403


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
    answer = post(LIU_DESK, declaration, "resolve", FORMS["resolve"].values())
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
    values = {**FORMS["confirm"].values(), "scan": wrong}
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


def test_who_called_is_not_optional_once_a_customer_was_chosen():
    declaration = Scene().unregistered()
    page = client_of(LIU_DESK).get(f"/records/{declaration.number}/screen/party/", {"customer": Scene().customer})
    assert page.context["party"].fields["contact"].required
    assert "optional" not in page.content.decode()
