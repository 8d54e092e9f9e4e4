"""Filing freezes the form for good, and says what is missing first (T24)."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from base.clock import set_clock
from escalation import actions as escalation
from escalation.models import Problem
from incidents import actions
from incidents.models import Attachment, Confirmation, Declaration, State
from ledger.canonical import digest
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from ledger.queries import content, head
from ledger.triggers import lifted
from ledger.verification import compare, own_faults
from record_form.actions import file, retention_until
from record_form.models import FiledForm
from record_form.queries import form_of, missing
from tests import scenes
from tests.firm import ZHENG_CUSTODIAN, ZHOU_HEAD, contact, staff
from tests.record_form.reading import words

pytestmark = pytest.mark.django_db


def closed_with_a_problem(scene: scenes.Scene) -> Declaration:
    """Closed, while problem management has not signed for the problem."""
    declaration = scene.do(actions.resolve, scene.countersigned(), scene.desk, **scene.solution())
    declaration = scene.do(actions.confirm, declaration, scene.desk, contact=contact(scene.contact), way="phone")
    return scene.do(actions.close, declaration, scene.desk)


def test_filing_freezes_the_form_and_names_its_hash_in_the_ledger(scene):
    declaration = scene.filed()
    filed = FiledForm.objects.get(declaration=declaration)
    assert declaration.state == State.FILED
    assert filed.sha256 == digest(filed.content)
    assert content(head(declaration.stream))["facts"]["form_sha256"] == filed.sha256
    assert len(json.loads(filed.content)["sections"]) == 8


def test_the_frozen_form_holds_the_filing_itself(scene):
    form, _filed = form_of(scene.filed())
    assert "保管人 郑可心" in words(form, 53)
    assert "归档 2026-11-23T02:00" in words(form, 53)
    assert "保管期限至 2029-11-23" in words(form, 53)


def test_what_is_filed_no_longer_follows_the_tables(scene):
    declaration = scene.filed()
    before = form_of(declaration)[0].as_data()
    type(declaration.customer).objects.filter(pk=declaration.customer_id).update(name="改名银行")
    assert form_of(Declaration.objects.get(pk=declaration.pk))[0].as_data() == before


def test_a_filed_form_is_read_with_one_statement(scene, count_queries):
    declaration = scene.filed()
    assert count_queries(lambda: form_of(declaration)) == 1


@pytest.mark.parametrize(
    ("closed", "until"),
    [
        ("2026-08-05T16:30:00+08:00", date(2029, 8, 5)),
        ("2026-08-05T16:30:00+00:00", date(2029, 8, 6)),
        ("2028-02-29T10:00:00+08:00", date(2031, 2, 28)),
    ],
    ids=["china's day", "already the next day in china", "29 february"],
)
def test_a_form_is_kept_three_years_from_the_day_of_closing_in_china(scene, closed, until):
    declaration = scene.accepted()
    declaration.closed_at = datetime.fromisoformat(closed)
    assert retention_until(declaration) == until


def test_an_incomplete_form_is_refused_row_by_row(scene):
    declaration = closed_with_a_problem(scene)
    with pytest.raises(NotPossible) as refusal:
        file(declaration.pk, version=declaration.version, actor=staff(ZHENG_CUSTODIAN), paper_place="无")
    assert [reason.clause for reason in refusal.value.reasons] == ["5.4.5"]
    assert "42" in str(refusal.value.reasons[0].sentence)
    assert not FiledForm.objects.filter(declaration=declaration).exists()
    assert Declaration.objects.get(pk=declaration.pk).state == State.CLOSED


def test_what_is_missing_can_be_asked_before_filing_and_goes_away(scene):
    declaration = closed_with_a_problem(scene)
    assert len(missing(declaration)) == 1
    problem = Problem.objects.get(declaration=declaration)
    escalation.acknowledge_problem(problem.pk, version=None, actor=staff(ZHOU_HEAD), reference="WT-1")
    assert missing(declaration) == []


def test_every_obligatory_row_of_an_accepted_declaration_is_missing_until_it_is_filled_in(scene):
    reasons = missing(scene.accepted())
    numbers = [int("".join(filter(str.isdigit, str(reason.sentence).split(",")[0]))) for reason in reasons]
    assert numbers == [6, 16, 18, 19, *range(22, 30), 31, 32, 34, 47, 48, 49, 52]


def test_the_place_of_the_paper_is_asked_for(scene):
    declaration = scene.closed()
    with pytest.raises(Invalid) as refusal:
        file(declaration.pk, version=declaration.version, actor=staff(ZHENG_CUSTODIAN), paper_place="  ")
    assert list(refusal.value.errors) == ["paper_place"]


def test_only_the_custodian_of_the_department_files(scene):
    declaration = scene.closed()
    for number in (scene.desk, scene.head):
        with pytest.raises(NotPermitted):
            file(declaration.pk, version=declaration.version, actor=staff(number), paper_place="无")


def test_a_stale_version_is_refused(scene):
    declaration = scene.closed()
    with pytest.raises(Stale):
        file(declaration.pk, version=declaration.version - 1, actor=staff(ZHENG_CUSTODIAN), paper_place="无")


def test_nothing_is_filed_twice(scene):
    declaration = scene.filed()
    with pytest.raises(NotPossible):
        file(declaration.pk, version=declaration.version, actor=staff(ZHENG_CUSTODIAN), paper_place="无")


def test_a_filed_record_and_its_form_agree_with_the_ledger(scene):
    assert compare(scene.filed()) is None
    assert list(own_faults()) == []


@pytest.mark.parametrize("operation", ["update", "delete"])
def test_the_database_lets_nobody_change_or_remove_a_filed_form(scene, operation):
    rows = FiledForm.objects.filter(declaration=scene.filed())
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(sha256="0" * 64) if operation == "update" else rows._raw_delete(rows.db)


def test_a_filed_declaration_takes_no_new_rows(scene):
    declaration = scene.filed()
    confirmation = Confirmation.objects.filter(declaration=declaration).get()
    confirmation.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        confirmation.save(force_insert=True)
    assert not Attachment.objects.filter(declaration=declaration).exists()


def test_an_altered_form_is_named(scene):
    filed = FiledForm.objects.get(declaration=scene.filed())
    altered = filed.content.replace("补寄", "没寄")
    with lifted():
        FiledForm.objects.filter(pk=filed.pk).update(content=altered)
    assert [fault.what for fault in own_faults()] == ["the content does not have the stored hash"]


def test_an_altered_form_with_a_hash_to_match_is_named_too(scene):
    filed = FiledForm.objects.get(declaration=scene.filed())
    altered = filed.content.replace("补寄", "没寄")
    with lifted():
        FiledForm.objects.filter(pk=filed.pk).update(content=altered, sha256=digest(altered))
    what = f"record_form.filedform {filed.pk}: sha256 is not what the chain says"
    assert compare(filed.declaration).what == what


def test_a_form_that_no_filing_made_is_named(scene):
    with set_clock(scenes.MONDAY):
        made = FiledForm.objects.create(
            declaration=scene.closed(), content="{}", sha256=digest("{}"), filed_at=scenes.MONDAY
        )
    assert compare(made.declaration).what == f"no entry tells of record_form.filedform {made.pk}"
