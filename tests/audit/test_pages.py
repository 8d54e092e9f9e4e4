"""The pages of the review: what waits, one record clause by clause, findings with their correction."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit import actions
from audit.evidence import SYSTEM_STEPS
from audit.models import Finding, Review
from audit.queries import REVIEWED_CLAUSES
from base.paging import Order
from desk.record.timeline.sentences import LINE_FORMATS
from incidents.actions.reviewing import await_review
from incidents.models import moves
from ledger.actions import seal
from ledger.queries import sealed_by
from ledger.triggers import lifted
from tests import scenes
from tests.audit.conftest import AUDITOR, concluded, with_finding
from tests.audit.test_reviewing import WRITTEN, second_auditor
from tests.firm import CHEN_HEAD, HE_RISK, LIU_DESK, PASSWORD, ZHAO_DESK, ZHENG_CUSTODIAN, client_of, person, staff

pytestmark = pytest.mark.django_db


def browser(number: str) -> Client:
    client = client_of(number)
    return client


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def auditor(scene: scenes.Scene) -> Client:
    return browser(AUDITOR)


def page(number: str) -> str:
    return reverse("audit-record", args=[number])


def begun(scene: scenes.Scene, state: str = "closed") -> Review:
    return actions.start_review(scene.at(state).pk, actor=staff(AUDITOR))


def test_what_must_be_reviewed_is_listed_with_its_reason(scene, auditor):
    with lifted():
        waiting = scene.closed()
        type(waiting).objects.filter(pk=waiting.pk).update(impact="severe")
        await_review(waiting)
    other = scene.closed()
    shown = text(auditor.get(reverse("audit")))
    assert waiting.number in shown
    assert "Severe impact" in shown
    assert other.number not in shown
    assert other.number in text(auditor.get(reverse("audit"), {"view": "all"}))


def test_the_proof_says_which_checkpoint_seals_the_record(scene, auditor):
    declaration = scene.closed()
    assert "Not sealed yet" in text(auditor.get(page(declaration.number)))
    seal()
    made = sealed_by(declaration.stream, 1)
    shown = text(auditor.get(page(declaration.number)))
    assert f"Sealed by checkpoint {made.number}" in shown
    assert f"Checkpoint {made.root}" in shown
    assert "until the next checkpoint, at most a minute, whoever writes to the database past the desk" in shown


def test_the_list_is_narrowed_by_words_reason_and_department(scene, auditor):
    number = scene.closed().number
    for asked, found in (({"q": number}, True), ({"q": "nothing like it"}, False), ({"reason": "level_1"}, False)):
        shown = text(auditor.get(reverse("audit"), {"view": "all", **asked}))
        assert (number in shown) == found, asked


def test_the_list_goes_on_behind_a_record_and_leads_back(scene, auditor):
    first, second = scene.closed(), scene.closed()
    behind = auditor.get(reverse("audit"), {"view": "all", "cursor": Order().cursor(first)})
    assert [line["record"] for line in behind.context["lines"]] == [second]
    assert 'rel="prev"' in behind.content.decode()
    back = auditor.get(behind.context["previous_url"])
    assert [line["record"] for line in back.context["lines"]] == [first]


def test_an_empty_list_says_what_would_be_there(scene, auditor):
    assert "Nothing waits for review" in text(auditor.get(reverse("audit")))


@pytest.mark.parametrize("query", [{"view": "x"}, {"cursor": "x"}, {"department": "x"}, {"reason": "x"}, {"q": "\x00"}])
def test_nonsense_in_the_address_breaks_nothing(scene, auditor, query):
    assert auditor.get(reverse("audit"), query).status_code == 200


def test_the_list_asks_a_bounded_number_of_statements(scene, auditor, count_queries):
    scene.closed()
    few = count_queries(lambda: auditor.get(reverse("audit"), {"view": "all"}))
    for _ in range(3):
        scene.closed()
    assert count_queries(lambda: auditor.get(reverse("audit"), {"view": "all"})) == few


@pytest.mark.parametrize("number", [LIU_DESK, CHEN_HEAD, ZHENG_CUSTODIAN])
def test_nobody_but_auditors_sees_reviews(scene, number):
    review = begun(scene)
    client = browser(number)
    assert client.get(reverse("audit")).status_code == 403
    assert client.get(page(review.declaration.number)).status_code == 403
    sent = client.post(reverse("audit-conclude", args=[review.declaration.number]), {"clause": "5.3"})
    assert sent.status_code == 403


def test_an_open_record_and_an_unknown_one_give_the_same_answer(scene, auditor):
    foreign, unknown = auditor.get(page(scene.accepted().number)), auditor.get(page("SD-20200101-001"))
    assert foreign.status_code == unknown.status_code == 404


def test_who_acted_in_it_is_told_who_else_can(scene):
    declaration = scene.filed()
    second_auditor(scene.custodian)
    answer = browser(scene.custodian).get(page(declaration.number))
    assert answer.status_code == 403
    assert person(AUDITOR).name in text(answer)


def test_looking_at_a_record_begins_nothing(scene, auditor):
    declaration = scene.closed()
    assert "Begin the review" in text(auditor.get(page(declaration.number)))
    assert not Review.objects.exists()
    assert auditor.get(reverse("audit-start", args=[declaration.number])).url == reverse(
        "audit-record", args=[declaration.number]
    )
    auditor.post(reverse("audit-start", args=[declaration.number]))
    assert Review.objects.get().declaration == declaration


def test_each_clause_stands_with_its_facts_and_the_entries_that_prove_them(scene, auditor):
    shown = auditor.get(page(scene.filed().number), {"clause": "5.4.3"})
    rows = {row.evidence.clause: row.evidence for row in shown.context["rows"]}
    assert list(rows) == list(REVIEWED_CLAUSES)
    assert any("level 3" in fact for fact in rows["5.4.3"].facts)
    assert [line.label for line in rows["5.4.7"].lines][-1] == "File"
    assert shown.context["current"].evidence.clause == "5.4.3"
    assert 'id="entry-1"' in shown.content.decode()


def test_a_record_that_never_came_so_far_has_no_facts_for_later_clauses(scene, auditor):
    shown = auditor.get(page(scene.invalid().number))
    rows = {row.evidence.clause: row.evidence for row in shown.context["rows"]}
    assert rows["5.4.4"].facts == []
    assert rows["5.4.4"].lines == []


def send(client: Client, review: Review, verb: str, **values: Any) -> Any:
    review.refresh_from_db()
    given = {"version": review.version, **values}
    return client.post(reverse(f"audit-{verb}", args=[review.declaration.number]), given)


def test_a_conclusion_leads_to_the_next_clause_without_one(scene, auditor):
    review = begun(scene)
    answer = send(auditor, review, "conclude", clause="5.3", conclusion="met")
    assert answer.url.endswith("?clause=5.4.1")
    assert review.conclusions.get().clause == "5.3"


def test_a_refused_conclusion_keeps_what_was_typed(scene, auditor):
    review = begun(scene)
    answer = send(auditor, review, "conclude", clause="5.4.6", conclusion="not_met")
    assert answer.status_code == 422
    assert "Say what was not met." in text(answer)
    stale = auditor.post(
        reverse("audit-conclude", args=[review.declaration.number]),
        {"version": review.version + 7, "clause": "5.4.6", "conclusion": "met", "note": "看过录音"},
    )
    assert stale.status_code == 412
    assert "看过录音" in stale.content.decode()
    assert f'name="version" value="{review.version}"' in stale.content.decode()


def test_a_finding_is_raised_and_an_empty_one_refused_at_its_fields(scene, auditor):
    review = begun(scene)
    assert set(send(auditor, review, "find", clause="5.3").context["finding"].errors) == {"text", "owner", "due"}
    owner = User.objects.get(employee_number=LIU_DESK)
    send(auditor, review, "find", clause="5.3", text="缺扫描件", owner=owner.pk, due="2026-12-07")
    assert Finding.objects.get().owner == owner


def test_signing_needs_the_password_and_never_prints_it(scene, auditor):
    review = concluded(begun(scene))
    wrong = send(auditor, review, "sign", password="not-this-one")
    assert wrong.status_code == 422
    assert "The password is not right." in text(wrong)
    assert "not-this-one" not in wrong.content.decode()
    assert "[&#x27;" not in wrong.content.decode()
    assert send(auditor, review, "sign", password=PASSWORD).status_code == 302
    assert Review.objects.get(pk=review.pk).state == Review.State.CONFORM
    assert "Signed: everything conforms" in text(auditor.get(page(review.declaration.number)))


def test_guessing_the_password_of_a_signature_is_slowed(scene, auditor, settings):
    settings.AXES_ENABLED = True
    review = concluded(begun(scene))
    answers = [send(auditor, review, "sign", password="guess").status_code for _ in range(6)]
    assert answers[-1] == 429
    assert send(auditor, review, "sign", password=PASSWORD).status_code == 429
    assert Review.objects.get(pk=review.pk).state == Review.State.IN_REVIEW


def test_nothing_can_be_signed_while_clauses_are_open(scene, auditor):
    review = begun(scene)
    assert "SignForm" not in auditor.get(page(review.declaration.number)).content.decode()
    assert send(auditor, review, "sign", password=PASSWORD).status_code == 409


def test_an_altered_record_shows_the_first_entry_that_does_not_fit_and_no_signature(scene, auditor):
    review = concluded(begun(scene, "filed"))
    stream = review.declaration.stream
    with lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET clause = '9' WHERE stream = %s AND sequence = 4", [stream])
    shown = auditor.get(page(review.declaration.number))
    assert "Does not fit" in text(shown)
    assert f"{stream} entry 4" in text(shown)
    assert "SignForm" not in shown.content.decode()
    assert send(auditor, review, "sign", password=PASSWORD).status_code == 409


def test_another_auditor_reads_along_without_buttons(scene):
    review = begun(scene)
    second_auditor()
    shown = browser(HE_RISK).get(page(review.declaration.number))
    assert "You can read along." in text(shown)
    assert "audit-conclude" not in shown.content.decode()
    assert "ConcludeForm" not in shown.content.decode()


def test_the_owner_corrects_and_the_auditor_verifies(scene, auditor):
    finding = with_finding(begun(scene)).findings.get()
    address = reverse("audit-findings", args=[finding.review.declaration.number])
    owner = browser(LIU_DESK)
    assert "Report the correction" in text(owner.get(address))
    empty = owner.post(reverse("audit-correct", args=[finding.pk]), {"version": finding.review.version})
    assert empty.status_code == 422
    assert set(empty.context["rows"][0]["correcting"].errors) == set(WRITTEN)
    version = finding.review.version
    owner.post(reverse("audit-correct", args=[finding.pk]), {"version": version, **WRITTEN})
    auditor.post(reverse("audit-verify", args=[finding.pk]), {"version": version + 1, "holds": "yes"})
    finding.refresh_from_db()
    assert finding.state == Finding.State.VERIFIED
    shown = text(auditor.get(address))
    assert [written for written in WRITTEN.values() if written not in shown] == []


def test_the_address_of_a_refused_form_can_be_loaded_again(scene, auditor):
    review = with_finding(begun(scene))
    finding, owner = review.findings.get(), browser(LIU_DESK)
    correcting, verifying = (reverse(name, args=[finding.pk]) for name in ("audit-correct", "audit-verify"))

    def loaded_after_refusal(client: Client, address: str) -> str:
        refused = client.post(address, {"version": Review.objects.get(pk=review.pk).version})
        again = client.get(address, follow=True)
        assert (refused.status_code, again.status_code) == (422, 200)
        assert again.redirect_chain
        return text(again)

    assert "Report the correction" in loaded_after_refusal(owner, correcting)
    owner.post(correcting, {"version": Review.objects.get(pk=review.pk).version, **WRITTEN})
    assert "Does the correction hold?" in loaded_after_refusal(auditor, verifying)
    other = concluded(begun(scene))
    wrong = auditor.post(reverse("audit-sign", args=[other.declaration.number]), {"version": other.version})
    again = auditor.get(reverse("audit-sign", args=[other.declaration.number]), follow=True)
    assert (wrong.status_code, again.status_code) == (422, 200)
    assert "Sign the review" in text(again)


def test_findings_of_others_are_not_there(scene):
    finding = with_finding(begun(scene)).findings.get()
    stranger = browser(ZHAO_DESK)
    assert stranger.get(reverse("audit-findings", args=[finding.review.declaration.number])).status_code == 404
    assert stranger.post(reverse("audit-correct", args=[finding.pk]), {"version": 1}).status_code == 404


def test_every_act_of_the_time_line_has_a_name_in_the_review():
    assert set(LINE_FORMATS) <= set(moves()) | set(SYSTEM_STEPS)


def test_a_stranger_is_sent_to_sign_in(scene):
    assert Client().get(reverse("audit")).status_code == 302


def test_no_page_carries_inline_style_or_script(scene, auditor):
    review = begun(scene)
    for address in (reverse("audit"), page(review.declaration.number)):
        shown = auditor.get(address).content.decode()
        assert " style=" not in shown
        assert not re.search(r"<script(?![^>]*\bsrc=)", shown)
