"""One record is reviewed clause by clause, by somebody who had no part in it (clause 6)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from accounts.models import Role, RoleGrant
from audit import actions
from audit.access import reviews
from audit.models import Conclusion, Finding, Review
from audit.queries import REVIEWED_CLAUSES, obligatory_reasons, section_nine, waiting_for_review
from base.clock import now, set_clock
from incidents.actions import reopen
from incidents.actions.reviewing import await_review_with_reason
from incidents.models import Declaration, HandlerChange
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from ledger.models import Entry
from ledger.queries import history
from ledger.triggers import lifted
from ledger.verification import compare
from notifications.models import Notification
from procedure.queries import forget_rules
from record_form.queries import form_of
from tests import scenes
from tests.audit.conftest import AUDITOR, concluded, with_finding
from tests.firm import (
    CHEN_HEAD,
    HE_RISK,
    LIU_DESK,
    PASSWORD,
    SHEN_BANK_A,
    ZHAO_DESK,
    ZHENG_CUSTODIAN,
    caller,
    person,
    sign_in,
    staff,
)
from tests.record_form.reading import words

pytestmark = pytest.mark.django_db


def begun(declaration: Declaration, by: str = AUDITOR) -> Review:
    return actions.start_review(declaration.pk, actor=staff(by))


def sign(review: Review, password: str = PASSWORD, note: str = "") -> Review:
    return actions.sign_off(review.pk, version=None, actor=staff(AUDITOR), password=password, note=note)


def ended_as(declaration: Declaration, **values: object) -> None:
    """The record as it would stand if it had ended with these values."""
    with lifted():
        Declaration.objects.filter(pk=declaration.pk).update(**values)
    declaration.refresh_from_db()
    await_review_with_reason(declaration)


def second_auditor(number: str = HE_RISK) -> None:
    """Somebody else of the firm becomes auditor too."""
    auditors = RoleGrant.objects.filter(role=Role.AUDITOR).get()
    RoleGrant.objects.create(
        user=person(number),
        role=Role.AUDITOR,
        department=auditors.department,
        starts_on=auditors.starts_on,
        granted_by=auditors.granted_by,
    )


@pytest.mark.parametrize("state", ["closed", "filed", "invalid", "request_done", "handover_done", "withdrawn"])
def test_what_is_closed_or_ended_is_reviewed(scene, state):
    review = begun(scene.at(state))
    assert (review.state, review.auditor) == (Review.State.IN_REVIEW, person(AUDITOR))


@pytest.mark.parametrize("state", ["accepted", "in_progress", "resolved", "handed_over"])
def test_an_open_record_does_not_exist_for_an_auditor(scene, state):
    with pytest.raises(Declaration.DoesNotExist):
        begun(scene.at(state))


def test_an_auditor_who_sees_an_open_record_in_another_role_is_told_to_wait(scene):
    second_auditor(CHEN_HEAD)
    with pytest.raises(NotPossible, match="once it is closed or has ended"):
        begun(scene.in_progress(), by=CHEN_HEAD)


@pytest.mark.parametrize("number", [LIU_DESK, CHEN_HEAD, ZHENG_CUSTODIAN])
def test_nobody_but_an_auditor_reviews(scene, number):
    with pytest.raises(NotPermitted) as refusal:
        begun(scene.closed(), by=number)
    assert refusal.value.clause == "6"


def test_a_customer_sees_no_review(scene):
    with pytest.raises(NotPermitted):
        actions.start_review(scene.closed().pk, actor=caller(scene.contact))
    with pytest.raises(Declaration.DoesNotExist):
        actions.start_review(scene.closed().pk, actor=caller(SHEN_BANK_A))


def test_who_acted_in_it_is_refused_and_told_who_else_can(scene):
    declaration = scene.filed()
    second_auditor(scene.custodian)
    with pytest.raises(NotPermitted) as refusal:
        begun(declaration, by=scene.custodian)
    assert person(AUDITOR).name in str(refusal.value.sentence)
    assert not Review.objects.exists()


def test_who_countersigned_its_escalation_is_refused(scene):
    declaration = scene.countersigned()
    second_auditor()
    with lifted():
        Declaration.objects.filter(pk=declaration.pk).update(state="closed", resolved_at=now(), closed_at=now())
    with pytest.raises(NotPermitted):
        begun(declaration, by=HE_RISK)


def test_who_was_only_named_is_refused(scene):
    declaration = scene.handled()
    auditor = person(AUDITOR)
    HandlerChange.objects.create(declaration=declaration, at=now(), to_user=auditor, reason="暂代")
    with lifted():
        Declaration.objects.filter(pk=declaration.pk).update(state="closed", resolved_at=now(), closed_at=now())
    with pytest.raises(NotPermitted) as refusal:
        begun(declaration)
    assert "nobody else" in str(refusal.value.sentence)


def test_taking_it_up_twice_goes_on_with_the_same_review(scene):
    declaration = scene.closed()
    assert begun(declaration) == begun(declaration)
    assert Review.objects.count() == 1


def test_a_second_auditor_is_told_who_reviews_it(scene):
    declaration = scene.closed()
    begun(declaration)
    second_auditor()
    with pytest.raises(NotPossible) as refusal:
        begun(declaration, by=HE_RISK)
    assert person(AUDITOR).name in str(refusal.value.sentence)


def test_the_database_allows_one_open_review_of_a_record(scene):
    review = begun(scene.closed())
    review.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        review.save(force_insert=True)


def test_a_conclusion_may_change_until_the_review_is_signed(scene):
    review = begun(scene.closed())
    concluded(review, c5_3="渠道写错")
    concluded(review)
    assert review.conclusions.count() == len(REVIEWED_CLAUSES)
    assert review.conclusions.get(clause="5.3").conclusion == Conclusion.Verdict.MET


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"clause": "5.4.9", "conclusion": "met"}, "clause"),
        ({"clause": "5.3", "conclusion": "good"}, "conclusion"),
        ({"clause": "5.3", "conclusion": "not_met", "note": " "}, "note"),
    ],
)
def test_a_wrong_conclusion_is_refused_at_its_field(scene, given, field):
    review = begun(scene.closed())
    with pytest.raises(Invalid) as refusal:
        actions.conclude(review.pk, version=None, actor=staff(AUDITOR), **given)
    assert list(refusal.value.errors) == [field]


def test_a_stale_conclusion_is_refused(scene):
    review = begun(scene.closed())
    given = {"actor": staff(AUDITOR), "clause": "5.3", "conclusion": "met"}
    actions.conclude(review.pk, version=review.version, **given)
    with pytest.raises(Stale):
        actions.conclude(review.pk, version=review.version, **given)


def test_another_auditor_does_not_write_into_it(scene):
    review = begun(scene.closed())
    second_auditor()
    with pytest.raises(NotPermitted):
        actions.conclude(review.pk, version=None, actor=staff(HE_RISK), clause="5.3", conclusion="met")


def test_a_finding_needs_a_clause_a_text_an_owner_and_a_day(scene):
    review = begun(scene.closed())
    with pytest.raises(Invalid) as refusal:
        actions.raise_finding(review.pk, version=None, actor=staff(AUDITOR), clause="", text="", owner=None, due=None)
    assert set(refusal.value.errors) == {"clause", "text", "owner", "due"}


def test_a_finding_leaves_time_for_its_correction(scene):
    review, yesterday = begun(scene.closed()), now().date() - timedelta(days=1)
    given = {"clause": "5.3", "text": "缺页", "owner": person(LIU_DESK), "due": yesterday}
    with pytest.raises(Invalid) as refusal:
        actions.raise_finding(review.pk, version=None, actor=staff(AUDITOR), **given)
    assert list(refusal.value.errors) == ["due"]


def test_each_correction_is_verified_without_waiting_for_the_others(scene):
    review = begun(scene.closed())
    for owner in (LIU_DESK, ZHAO_DESK):
        given = {"clause": "5.3", "text": "缺页", "owner": person(owner), "due": now().date()}
        actions.raise_finding(review.pk, version=None, actor=staff(AUDITOR), **given)
    sign(concluded(review, c5_3="缺页"))
    first, second = review.findings.order_by("pk")
    assert correct(first).state == Review.State.FINDING
    assert verify(first, holds=False, note="未见值班表").state == Review.State.FINDING
    correct(first)
    assert verify(first, holds=True).state == Review.State.FINDING
    assert correct(second, by=ZHAO_DESK).state == Review.State.CORRECTED
    assert verify(second, holds=True).state == Review.State.VERIFIED


def test_nothing_is_signed_before_every_clause_is_concluded(scene):
    review = begun(scene.closed())
    with pytest.raises(NotPossible) as refusal:
        sign(review)
    assert "5.4.7" in str(refusal.value.sentence)


def test_what_was_not_met_needs_a_finding(scene):
    review = concluded(begun(scene.closed()), c5_5="缺页")
    with pytest.raises(NotPossible) as refusal:
        sign(review)
    assert "5.5" in str(refusal.value.sentence)


def test_signing_asks_for_the_password_again(scene):
    review = concluded(begun(scene.closed()))
    with pytest.raises(Invalid) as refusal:
        sign(review, password="wrong")
    assert list(refusal.value.errors) == ["password"]
    assert Review.objects.get(pk=review.pk).signed_at is None


def test_a_conform_review_keeps_the_head_of_the_ledger_and_the_hash_of_the_form(scene):
    declaration = scene.filed()
    review = sign(concluded(begun(declaration)), note="抽查")
    assert (review.state, review.signed_at, review.note) == (Review.State.CONFORM, now(), "抽查")
    assert review.form_hash == declaration.filed_form.sha256
    assert review.ledger_head == history(declaration.stream).last().hash


def test_no_review_touches_the_record(scene):
    declaration = scene.filed()
    before = (declaration.version, history(declaration.stream).count())
    with_finding(begun(declaration))
    after = Declaration.objects.get(pk=declaration.pk)
    assert (after.version, history(declaration.stream).count()) == before


def test_every_step_of_a_review_stands_in_its_own_chain(scene):
    review = with_finding(begun(scene.closed()))
    told = list(history(review.stream).values_list("action", flat=True))
    assert told == ["start_review", *["conclude"] * len(REVIEWED_CLAUSES), "raise_finding", "sign_off"]
    assert {entry.role for entry in history(review.stream)} == {"auditor"}
    assert compare(review) is None


def test_refusals_stand_in_the_security_stream(scene):
    declaration = scene.closed()
    with pytest.raises(NotPermitted):
        begun(declaration, by=LIU_DESK)
    assert Entry.objects.filter(stream__startswith="security:", actor=person(LIU_DESK).stream).exists()


def test_a_signed_review_takes_no_more_conclusions(scene):
    review = sign(concluded(begun(scene.closed())))
    with pytest.raises(NotPossible):
        actions.conclude(review.pk, version=None, actor=staff(AUDITOR), clause="5.3", conclusion="not_applicable")
    with pytest.raises(IntegrityError), transaction.atomic():
        Conclusion.objects.filter(review=review).update(note="anders")
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(note="anders")


def test_a_reopened_record_cannot_be_signed(scene):
    declaration = scene.closed()
    review = concluded(begun(declaration))
    scene.do(reopen, declaration, scene.desk, reason="又漏装了")
    with pytest.raises(Declaration.DoesNotExist):
        sign(review)


def test_the_owner_hears_of_the_finding_once_it_is_signed(scene):
    with_finding(begun(scene.closed()))
    [told] = Notification.objects.filter(event="finding.raised")
    assert told.user == person(LIU_DESK)


WRITTEN = {
    "cause": "夜间无人值守",
    "action": "排定夜间值班表并每月检查",
    "correction": "已补写原因，见附录",
}


def correct(finding: Finding, by: str = LIU_DESK, **written: str) -> Review:
    return actions.correct_finding(finding.pk, version=None, actor=staff(by), **{**WRITTEN, **written})


def verify(finding: Finding, *, holds: bool, by: str = AUDITOR, note: str = "") -> Review:
    return actions.verify_finding(finding.pk, version=None, actor=staff(by), holds=holds, note=note)


def test_a_finding_is_corrected_by_its_owner_and_verified_by_an_auditor(scene):
    review = with_finding(begun(scene.closed()))
    finding = review.findings.get()
    assert correct(finding).state == Review.State.CORRECTED
    assert verify(finding, holds=True).state == Review.State.VERIFIED
    finding.refresh_from_db()
    assert (finding.state, finding.verified_by) == (Finding.State.VERIFIED, person(AUDITOR))


def test_who_owns_a_finding_reads_its_review_once_it_is_signed(scene):
    declaration = scene.closed()
    review = begun(declaration)
    assert list(reviews(staff(AUDITOR))) == [review]
    assert not reviews(staff(LIU_DESK))
    with_finding(review)
    assert list(reviews(staff(LIU_DESK))) == [review]
    assert not reviews(staff(ZHAO_DESK))


def test_a_finding_is_nobody_elses_to_correct_or_even_to_see(scene):
    finding = with_finding(begun(scene.closed())).findings.get()
    with pytest.raises(NotPermitted):
        correct(finding, by=AUDITOR)
    with pytest.raises(Finding.DoesNotExist):
        correct(finding, by=ZHAO_DESK)


@pytest.mark.parametrize("missing", ["cause", "action", "correction"])
def test_nothing_counts_as_corrected_without_cause_action_and_what_was_done(scene, missing):
    finding = with_finding(begun(scene.closed())).findings.get()
    with pytest.raises(Invalid) as refused:
        correct(finding, **{missing: " "})
    assert list(refused.value.errors) == [missing]
    finding.refresh_from_db()
    assert finding.state == Finding.State.OPEN


def test_a_correction_written_before_these_were_asked_for_is_sent_back_not_verified(scene):
    finding = with_finding(begun(scene.closed())).findings.get()
    correct(finding)
    Finding.objects.filter(pk=finding.pk).update(cause="")
    with pytest.raises(NotPossible):
        verify(finding, holds=True)
    assert verify(finding, holds=False, note="缺少原因").state == Review.State.FINDING


def test_the_words_of_the_owner_replace_the_auditors_and_the_ledger_keeps_both(scene):
    finding = with_finding(begun(scene.closed())).findings.get()
    Finding.objects.filter(pk=finding.pk).update(cause="登记晚")
    correct(finding)
    entry = Entry.objects.filter(stream=finding.review.stream, action="correct_finding").get()
    assert "登记晚" in entry.payload.content
    assert WRITTEN["cause"] in entry.payload.content


def test_a_correction_that_does_not_hold_goes_back_with_its_reason_and_its_owner_hears_of_it(scene):
    finding = with_finding(begun(scene.closed())).findings.get()
    correct(finding)
    with pytest.raises(Invalid):
        verify(finding, holds=False)
    assert verify(finding, holds=False, note="没有写明时间").state == Review.State.FINDING
    assert Notification.objects.filter(event="finding.raised").count() == 2
    assert correct(finding).state == Review.State.CORRECTED


def test_the_owner_does_not_verify_the_own_correction(scene):
    finding = with_finding(begun(scene.closed()), owner=HE_RISK).findings.get()
    correct(finding, by=HE_RISK)
    second_auditor()
    with pytest.raises(NotPermitted):
        verify(finding, holds=True, by=HE_RISK)


def test_nothing_is_corrected_or_verified_twice(scene):
    finding = with_finding(begun(scene.closed())).findings.get()
    with pytest.raises(NotPossible):
        verify(finding, holds=True)
    correct(finding)
    with pytest.raises(NotPossible):
        correct(finding)
    verify(finding, holds=True)
    with pytest.raises(NotPossible):
        verify(finding, holds=True)


def test_a_review_held_elsewhere_is_taken_over_at_once(scene):
    review = actions.review_at_once(
        scene.closed().pk,
        actor=staff(AUDITOR),
        reasons=["breached"],
        conclusions=[{"clause": clause, "conclusion": "met", "note": ""} for clause in REVIEWED_CLAUSES],
        findings=[{"clause": "7", "text": "偏慢", "owner": person(LIU_DESK), "due": "2026-12-07"}],
    )
    assert (review.state, review.reasons) == (Review.State.FINDING, ["breached"])
    assert review.findings.get().due == date(2026, 12, 7)


def test_a_review_that_is_refused_at_once_leaves_nothing(scene):
    with pytest.raises(NotPossible):
        actions.review_at_once(scene.closed().pk, actor=staff(AUDITOR), reasons=[], conclusions=[], findings=[])
    assert not Review.objects.exists()


def test_what_must_be_reviewed_waits_until_it_is_signed(scene):
    declaration = scene.filed()
    assert declaration not in waiting_for_review()
    ended_as(declaration, impact="severe")
    assert obligatory_reasons(declaration) == ["severe"]
    assert declaration in waiting_for_review()
    with lifted():
        Declaration.objects.filter(pk=declaration.pk).update(impact="moderate")
    review = begun(declaration)
    assert review.reasons == []
    sign(concluded(review))
    ended_as(declaration, impact="severe")
    assert declaration not in waiting_for_review()


def test_the_procedure_says_which_records_must_be_reviewed(scene):
    declaration = scene.filed()
    ended_as(declaration, impact="severe", reopen_count=1)
    assert (obligatory_reasons(declaration), declaration in waiting_for_review()) == (["severe", "reopened"], True)
    parameters = declaration.procedure_version.parameter_rows.filter(key="review_obligatory")
    try:
        for asked, reasons in ((["reopened"], ["reopened"]), (["level_1", "breached"], []), ([], [])):
            with lifted():
                parameters.update(value=asked)
            forget_rules()
            assert obligatory_reasons(declaration) == reasons
            assert (declaration in waiting_for_review()) == bool(reasons)
    finally:
        forget_rules()


def test_a_record_reopened_after_its_review_waits_again(scene):
    declaration = scene.closed()
    sign(concluded(begun(declaration)))
    with set_clock(scenes.MONDAY + timedelta(days=1)):
        declaration = scene.do(reopen, declaration, scene.desk, reason="又漏装了")
        ended_as(declaration, state="closed", closed_at=now(), resolved_at=now())
    assert obligatory_reasons(declaration) == ["reopened"]
    assert declaration in waiting_for_review()


def test_the_form_prints_the_signed_review(scene):
    declaration = scene.filed()
    review = begun(declaration)
    assert section_nine(declaration) is None
    finding = with_finding(review).findings.get()
    correct(finding)
    verify(finding, holds=True)
    form, _filed = form_of(declaration, review=section_nine(declaration))
    assert person(AUDITOR).name in words(form, 54)
    assert "5.4.3 不符合" in words(form, 54)
    assert "首次响应晚且未写原因" in words(form, 55)
    assert [written for written in WRITTEN.values() if written not in words(form, 55)] == []
    assert "2026-12-07" in words(form, 55)


def read_pdf(pdf):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_page_pdf_and_command_print_the_same_review(scene, client, tmp_path):
    declaration = scene.filed()
    finding = with_finding(begun(declaration)).findings.get()
    correct(finding)
    verify(finding, holds=True)
    sign_in(client, person(AUDITOR))
    address = f"/records/{declaration.number}/form"
    page, pdf = client.get(f"{address}/").content, client.get(f"{address}.pdf").content
    target = tmp_path / "form.pdf"
    call_command("print_form", declaration.number, target, stdout=StringIO())
    for said in (page.decode(), read_pdf(pdf), read_pdf(target.read_bytes())):
        text = re.sub(r"\s", "", said)
        assert person(AUDITOR).name in text
        assert "首次响应晚且未写原因" in text
        assert [written for written in WRITTEN.values() if written not in text] == []
