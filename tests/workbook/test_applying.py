"""A plan is carried out whole, through the actions of the rooms, and only as it was shown."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actions import create_department
from accounts.actors import Actor
from accounts.models import Contact, Customer, Department, RoleGrant, User
from knowledge.models import KnowledgeArticle
from ledger.exceptions import NotPermitted, NotPossible
from ledger.models import Entry
from sla.models import Contract
from tests import small_firm
from tests.workbook.books import FIRM, Sheets, book, carried_out, cells, exported, handed_in, planned
from workbook.actions import apply, carry_on, carry_on_imports, read_again
from workbook.actions import applying as applying_module
from workbook.models import Import

pytestmark = pytest.mark.django_db
State = Import.State


def test_a_whole_firm_is_made_through_the_actions(admin: Actor, firm_rows: Sheets) -> None:
    found = carried_out(book(firm_rows), admin)
    assert (found.state, found.remark) == (State.APPLIED, "")
    contact = Contact.objects.get(code="C01-P1")
    assert (contact.phone, contact.may_confirm, contact.customer.department.code) == ("010-12345678-801", True, "FIN1")
    contract = Contract.objects.get(number="HT-1")
    assert contract.targets.get().target == {"value": 4, "unit": "hour", "clock": "natural"}
    assert contract.service_scope == ["账户运营", "对账单"]
    grant = RoleGrant.objects.get(role="service_desk")
    assert (grant.user.username, grant.customer.code) == ("zhang", "C01")
    article = KnowledgeArticle.objects.get()
    assert (article.code, article.status, article.reviewer.username) == ("KB-1", "in_review", "li")
    made = [*Department.objects.exclude(code="BOARD"), *Customer.objects.all(), contact, contract, article]
    entries = Entry.objects.filter(stream__in=[each.stream for each in made])
    assert {entry.actor for entry in entries} == {admin.user.stream}


def test_what_came_of_it_is_the_same_when_it_is_handed_in_again(admin: Actor, firm_rows: Sheets) -> None:
    carried_out(book(firm_rows), admin)
    again = handed_in(exported(admin), admin)
    assert (again.total("new"), again.total("changed"), again.total("refused")) == (0, 0, 0)
    assert again.total("same") > len(FIRM)
    assert not again.may_apply


def test_export_import_export_is_stable_in_every_cell(admin: Actor, firm_rows: Sheets) -> None:
    first = exported(admin)
    carried_out(book(firm_rows), admin)
    second = exported(admin)
    assert cells(first) != cells(second)
    handed_in(second, admin)
    assert cells(exported(admin)) == cells(second)


def test_changes_are_carried_out_and_leave_the_rest(admin: Actor, firm_rows: Sheets) -> None:
    carried_out(book(firm_rows), admin)
    person = {**FIRM["people"][0], "name": "张晓鸣", "email": "zhang@example.com"}
    contact = {"code": "C01-P1", "customer": "C01", "name": "王敏", "more_phones": "139 0000 0001\n010-87654321"}
    contract = {**firm_rows["contracts"][0], "level2": "1 个工作日", "level1": ""}
    found = carried_out(book({"people": [person], "contacts": [contact], "contracts": [contract]}), admin)
    assert (found.total("changed"), found.state) == (3, State.APPLIED)
    assert User.objects.get(username="zhang").name == "张晓鸣"
    assert sorted(Contact.objects.get().points.values_list("value", flat=True)) == ["010-87654321", "13900000001"]
    assert [each.level for each in Contract.objects.get().targets.all()] == [2]


def test_a_desk_that_changed_since_refuses_the_plan(admin: Actor, firm_rows: Sheets) -> None:
    found = handed_in(book(firm_rows), admin)
    create_department(actor=admin, code="FIN1", name="金融业务部")
    apply(found.pk, found.digest, actor=admin, version=found.version)
    carry_on(found.pk)
    found.refresh_from_db()
    assert found.state == State.PLANNED
    assert "has changed since" in found.remark
    assert not Customer.objects.exists()
    read_again(found.pk, actor=admin, version=found.version)
    carry_on(found.pk)
    found.refresh_from_db()
    assert (found.total("changed"), found.remark) == (1, "")


def test_another_plan_than_the_one_that_was_seen_is_refused(admin: Actor, firm_rows: Sheets) -> None:
    found = handed_in(book(firm_rows), admin)
    with pytest.raises(NotPossible, match="not the plan that you saw"):
        apply(found.pk, "0" * 64, actor=admin, version=found.version)


def test_a_plan_with_a_refused_row_is_not_carried_out(admin: Actor) -> None:
    found = handed_in(book({"departments": [{"code": "", "name": "无编码"}]}), admin)
    with pytest.raises(NotPossible, match="rows are refused"):
        apply(found.pk, found.digest, actor=admin, version=found.version)


def test_what_an_action_refuses_names_its_row_and_leaves_nothing(admin: Actor, firm_rows: Sheets) -> None:
    """A reviewer must approve by role, which no cell shows."""
    articles = [{**firm_rows["articles"][0], "reviewer": "A1"}]
    found = carried_out(book({**firm_rows, "articles": articles}), admin)
    assert found.state == State.PLANNED
    assert found.remark.startswith("Articles, row 2 (KB-1 补发对账单): Who approves it: Choose a head of department")
    assert not Customer.objects.exists()


def test_what_takes_too_long_for_one_transaction_is_not_written(
    admin: Actor, firm_rows: Sheets, monkeypatch: Any
) -> None:
    monkeypatch.setattr(applying_module, "LONGEST_ACTION", applying_module.MARGIN)
    found = carried_out(book(firm_rows), admin)
    assert found.state == State.PLANNED
    assert found.remark.startswith("This takes too long for one file")
    assert not Customer.objects.exists()


def test_only_administrators_hand_one_in(admin: Actor) -> None:
    small_firm._account(admin, "chengmo", "程默", Department.objects.get())
    with pytest.raises(NotPermitted):
        handed_in(book(FIRM), small_firm.staff("chengmo"))


STAGES = ("planned_rows", "_carry_out_row", "_note_versions")


@pytest.mark.parametrize("stage", STAGES)
def test_a_job_that_breaks_off_leaves_nothing_and_is_taken_up_again(
    admin: Actor, firm_rows: Sheets, monkeypatch: Any, stage: str
) -> None:
    found = handed_in(book(firm_rows), admin)
    apply(found.pk, found.digest, actor=admin, version=found.version)
    right, calls = getattr(applying_module, stage), []

    def breaks_off(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 3 or stage != "_carry_out_row":
            raise KeyboardInterrupt
        return right(*given)

    with monkeypatch.context() as patched:
        patched.setattr(applying_module, stage, breaks_off)
        with pytest.raises(KeyboardInterrupt):
            carry_on(found.pk)
    found.refresh_from_db()
    assert (found.state, Customer.objects.count()) == (State.APPLYING, 0)
    assert carry_on_imports() == 1
    found.refresh_from_db()
    assert (found.state, Customer.objects.count()) == (State.APPLIED, 1)


def test_a_job_that_breaks_off_again_and_again_is_given_up(admin: Actor, firm_rows: Sheets, monkeypatch: Any) -> None:
    found = handed_in(book(firm_rows), admin)
    apply(found.pk, found.digest, actor=admin, version=found.version)

    def breaks_off(*given: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(applying_module, "planned_rows", breaks_off)
        for _time in range(3):
            with pytest.raises(KeyboardInterrupt):
                carry_on(found.pk)
        carry_on(found.pk)
    found.refresh_from_db()
    assert found.state == State.PLANNED
    assert "broken off again and again" in found.remark


def test_the_plan_tells_rows_and_nothing_stands_before_it_is_agreed_to(admin: Actor, firm_rows: Sheets) -> None:
    found = handed_in(book(firm_rows), admin)
    assert (found.total("new"), found.rows.count()) == (10, 10)
    assert not Customer.objects.exists()
    assert [row.outcome for row in planned(book(firm_rows), admin)] == ["new"] * 10
