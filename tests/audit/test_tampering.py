"""Whatever is altered behind the guards is named by `verify_ledger`, and such a record's review is not signed."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import actions
from audit.models import Review
from audit.queries import proof
from incidents.models import Declaration
from ledger.actions import seal
from ledger.exceptions import NotPossible
from ledger.queries import history
from ledger.triggers import lifted
from record_form.models import FiledForm
from tests.audit.conftest import AUDITOR, concluded, with_finding
from tests.firm import PASSWORD, staff

pytestmark = pytest.mark.django_db


def tamper(sql: str, *params: object) -> None:
    with lifted(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert cursor.rowcount == 1


def named() -> str:
    """What `manage.py verify_ledger` complains of."""
    complaints = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_ledger", stdout=StringIO(), stderr=complaints)
    return complaints.getvalue()


def other_byte(text: str) -> str:
    """The text with one byte in its middle changed."""
    middle = len(text) // 2
    while ord(text[middle]) > 127 or not text[middle].isalnum():
        middle += 1
    return text[:middle] + ("x" if text[middle] != "x" else "y") + text[middle + 1 :]


def alter_entry(declaration: Declaration) -> str:
    entry = history(declaration.stream)[2]
    tamper("UPDATE ledger_entry SET body = %s WHERE id = %s", other_byte(entry.body), entry.pk)
    return f"{declaration.stream} entry 3: the body"


def alter_payload(declaration: Declaration) -> str:
    payload = history(declaration.stream)[1].payload
    tamper("UPDATE ledger_payload SET content = %s WHERE entry_id = %s", other_byte(payload.content), payload.pk)
    return f"{declaration.stream} entry 2: the payload"


def alter_form(declaration: Declaration) -> str:
    filed = FiledForm.objects.get(declaration=declaration)
    tamper("UPDATE record_form_filedform SET content = %s WHERE id = %s", other_byte(filed.content), filed.pk)
    return f"record_form.filedform:{filed.pk}: the content"


def alter_record(declaration: Declaration) -> str:
    tamper("UPDATE incidents_declaration SET subject = %s WHERE id = %s", "对账单漏装.", declaration.pk)
    return f"{declaration.stream}: incidents.declaration {declaration.pk}: subject"


def alter_handling_step(declaration: Declaration) -> str:
    step = declaration.handlingstep_rows.get()
    tamper("UPDATE incidents_handlingstep SET result = %s WHERE id = %s", "没寄出", step.pk)
    return f"{declaration.stream}: incidents.handlingstep {step.pk}: result"


def remove_confirmation(declaration: Declaration) -> str:
    confirmation = declaration.confirmation_rows.get()
    tamper("DELETE FROM incidents_confirmation WHERE id = %s", confirmation.pk)
    return f"{declaration.stream}: incidents.confirmation {confirmation.pk} is gone"


def add_communication(declaration: Declaration) -> str:
    row = declaration.communication_rows.first()
    row.pk = None
    with lifted():
        row.save(force_insert=True)
    return f"{declaration.stream}: no entry tells of incidents.communication {row.pk}"


ALTERATIONS = [
    alter_entry,
    alter_payload,
    alter_form,
    alter_record,
    alter_handling_step,
    remove_confirmation,
    add_communication,
]


def test_a_filed_record_with_its_review_fits(scene):
    declaration = scene.filed()
    with_finding(actions.start_review(declaration.pk, actor=staff(AUDITOR)))
    seal()
    call_command("verify_ledger", stdout=StringIO())
    assert proof(declaration).is_intact


@pytest.mark.parametrize("alter", ALTERATIONS)
def test_each_alteration_of_a_filed_record_is_named(scene, alter):
    declaration = scene.filed()
    expected = alter(declaration)
    assert expected in named()
    assert expected in str(proof(Declaration.objects.get(pk=declaration.pk)).fault)


@pytest.mark.parametrize("alter", ALTERATIONS)
def test_no_review_of_an_altered_record_is_signed(scene, alter):
    declaration = scene.filed()
    review = concluded(actions.start_review(declaration.pk, actor=staff(AUDITOR)))
    expected = alter(declaration)
    with pytest.raises(NotPossible) as refusal:
        actions.sign_off(review.pk, version=None, actor=staff(AUDITOR), password=PASSWORD)
    assert expected in str(refusal.value.sentence)
    assert Review.objects.get(pk=review.pk).signed_at is None


@pytest.mark.parametrize(
    ("table", "column"), [("audit_review", "note"), ("audit_conclusion", "note"), ("audit_finding", "text")]
)
def test_an_altered_review_is_named(scene, table, column):
    review = with_finding(actions.start_review(scene.filed().pk, actor=staff(AUDITOR)))
    key = "id" if table == "audit_review" else "review_id"
    where = " AND clause = '5.4.3'" if table == "audit_conclusion" else ""
    tamper(f"UPDATE {table} SET {column} = %s WHERE {key} = %s{where}", "gefälscht", review.pk)
    assert f"{review.stream}: " in named()


def test_a_chain_cut_off_at_its_end_is_named(scene):
    declaration = scene.filed()
    last = history(declaration.stream).last()
    tamper("DELETE FROM ledger_payload WHERE entry_id = %s", last.pk)
    tamper("DELETE FROM ledger_entry WHERE id = %s", last.pk)
    assert f"{declaration.stream}: incidents.declaration {declaration.pk}" in named()
    assert not proof(declaration).is_intact
