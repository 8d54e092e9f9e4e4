"""Within a day an import is taken back by steps that end what it made, while nothing depends on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.actions import change_customer, create_contact, make_password_link
from accounts.actors import Actor, local_day
from accounts.models import Contact, Customer, Department, RoleGrant, User
from base.clock import now
from knowledge.models import KnowledgeArticle
from ledger.exceptions import NotPossible
from setup.actions import watch_vacancies
from sla.models import Contract
from tests.workbook.books import FIRM, Sheets, book, carried_out, mistakes, planned
from workbook.actions import carry_on, take_back
from workbook.models import Import

pytestmark = pytest.mark.django_db
State = Import.State


def taken_back(found: Import, admin: Actor) -> Import:
    take_back(found.pk, actor=admin, version=found.version)
    carry_on(found.pk)
    return Import.objects.get(pk=found.pk)


def test_everything_that_was_made_is_ended(admin: Actor, firm_rows: Sheets, clock: Any) -> None:
    found = carried_out(book(firm_rows), admin)
    clock.advance(hours=20)
    found = taken_back(found, admin)
    assert (found.state, found.remark) == (State.UNDONE, "")
    assert not User.objects.filter(username__in=["zhang", "li"], is_active=True).exists()
    assert Department.objects.exclude(ended_on=None).count() == 2
    assert not Customer.objects.get().in_service_scope
    assert not Contact.objects.get().is_active
    assert KnowledgeArticle.objects.get().status == "withdrawn"
    assert not RoleGrant.objects.exclude(role="administrator").filter(ends_on=None).exists()
    assert Contract.objects.get().ends_on < local_day(now())


# As the workbook that is downloaded has them: a file with all columns says with empty ones that things go on.
GOING_ON = {"departments": "ended_on", "people": "is_active", "customers": "in_service_scope", "contacts": "left_on"}


def with_all_columns(rows: Sheets) -> Sheets:
    return {
        **{key: [{**row, GOING_ON[key]: ""} if key in GOING_ON else row for row in some] for key, some in rows.items()},
        "grants": [{**row, "ends_on": ""} for row in rows["grants"]],
    }


def test_the_same_file_goes_in_again_but_for_roles_which_begin_anew(admin: Actor, firm_rows: Sheets) -> None:
    rows = with_all_columns(firm_rows)
    taken_back(carried_out(book(rows), admin), admin)
    today = local_day(now())
    again = planned(book(rows), admin)
    assert mistakes(again) == [
        ("grants", row, "ends_on", f"This role ends on {today}. Give it anew from the day after.") for row in (2, 3)
    ]
    told = {(row.sheet, row.row): (row.outcome, row.before) for row in again}
    assert told["departments", 2] == ("changed", {"ended_on": today.isoformat()})
    later = [{**row, "starts_on": today + timedelta(days=1)} for row in rows["grants"]]
    found = carried_out(book({**rows, "grants": later}), admin)
    assert (found.state, found.remark) == (State.APPLIED, "")
    assert not Department.objects.exclude(ended_on=None).exists()
    assert User.objects.filter(username__in=["zhang", "li"], is_active=True).count() == 2
    assert Customer.objects.get().in_service_scope
    assert Contact.objects.get().is_active
    assert Contract.objects.get().ends_on == date(2027, 12, 31)
    assert RoleGrant.objects.filter(starts_on__gt=today, ends_on=None).count() == 2


def test_what_was_opened_again_and_changed_ends_again_when_it_is_taken_back(admin: Actor) -> None:
    rows = {"departments": [{"code": "QA", "name": "质量部", "ended_on": ""}]}
    taken_back(carried_out(book(rows), admin), admin)
    last = Department.objects.get(code="QA").ended_on
    found = carried_out(book({"departments": [{**rows["departments"][0], "name": "质量管理部"}]}), admin)
    assert (found.total("changed"), found.state) == (1, State.APPLIED)
    assert taken_back(found, admin).state == State.UNDONE
    department = Department.objects.get(code="QA")
    assert (department.name, department.ended_on) == ("质量部", last)


def test_a_change_goes_back_to_what_stood(admin: Actor, firm_rows: Sheets) -> None:
    carried_out(book(firm_rows), admin)
    found = carried_out(book({"people": [{**FIRM["people"][0], "name": "张晓鸣", "mobile": ""}]}), admin)
    assert User.objects.get(username="zhang").mobile == ""
    assert taken_back(found, admin).state == State.UNDONE
    person = User.objects.get(username="zhang")
    assert (person.name, person.mobile, person.is_active) == ("张晓明", "13800000001", True)


def test_what_depends_on_it_is_named_and_nothing_is_undone(admin: Actor, firm_rows: Sheets) -> None:
    found = carried_out(book(firm_rows), admin)
    create_contact(actor=admin, customer=Customer.objects.get(), name="后来者")
    found = taken_back(found, admin)
    assert found.state == State.APPLIED
    assert found.remark == "Customers, row 2 (C01 远山基金): contact depends on it."
    assert User.objects.filter(username="zhang", is_active=True).exists()


def test_a_message_or_a_link_for_the_password_is_no_tie(admin: Actor, firm_rows: Sheets) -> None:
    found = carried_out(book(firm_rows), admin)
    assert watch_vacancies() > 0
    make_password_link(User.objects.get(username="zhang"), actor=admin)
    assert taken_back(found, admin).state == State.UNDONE


def test_a_role_that_the_import_ended_is_not_given_back(admin: Actor, firm_rows: Sheets) -> None:
    carried_out(book(firm_rows), admin)
    ended = carried_out(book({"grants": [{**FIRM["grants"][0], "ends_on": "2026-12-31"}]}), admin)
    assert (ended.state, ended.total("changed")) == (State.APPLIED, 1)
    found = taken_back(ended, admin)
    assert found.state == State.APPLIED
    assert "A role that was ended cannot go on again." in found.remark


def test_what_was_changed_since_is_named(admin: Actor, firm_rows: Sheets) -> None:
    found = carried_out(book(firm_rows), admin)
    change_customer(Customer.objects.get(), actor=admin, version=None, industry="基金")
    assert taken_back(found, admin).remark == "Customers, row 2 (C01 远山基金): It has been changed since."


def test_a_role_that_begins_later_keeps_the_import(admin: Actor, firm_rows: Sheets) -> None:
    later = [{**row, "starts_on": "2030-01-01"} for row in FIRM["grants"][:1]]
    found = taken_back(carried_out(book({**firm_rows, "grants": later, "articles": []}), admin), admin)
    assert found.state == State.APPLIED
    assert "A role cannot end before it begins" in found.remark
    assert Customer.objects.get().in_service_scope


def test_after_a_day_it_stands(admin: Actor, firm_rows: Sheets, clock: Any) -> None:
    found = carried_out(book(firm_rows), admin)
    clock.advance(hours=25)
    with pytest.raises(NotPossible, match="within a day"):
        take_back(found.pk, actor=admin, version=found.version)
