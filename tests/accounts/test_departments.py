"""Departments: entered, changed, ended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import (
    change_customer,
    change_department,
    change_user,
    create_customer,
    create_department,
    create_user,
    deactivate_user,
    end_department,
    grant_role,
    reopen_department,
)
from accounts.actors import SYSTEM
from accounts.models import Department, Role
from base.clock import now
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from ledger.models import Entry
from ledger.verification.rows import compare

pytestmark = pytest.mark.django_db


def _end(department, firm, on=None):
    return end_department(department, actor=firm.actor("admin"), version=department.version, on=on)


@pytest.mark.parametrize("code", ["D1", "d1", "Ｄ１", "D\u200b1"])
def test_a_code_that_looks_like_another_is_refused(firm, at_nine, code):
    with pytest.raises(Invalid) as refused:
        create_department(actor=firm.actor("admin"), code=code, name="另一部")
    assert "code" in refused.value.errors


def test_the_database_refuses_a_like_code_too(firm, at_nine):
    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.create(code="Ｄ１", folded_code="d1", name="旁路")


def test_a_code_is_kept_in_its_plain_form_and_the_row_agrees_with_its_chain(firm, at_nine):
    made = create_department(actor=firm.actor("admin"), code=" Ｄ９ ", name="九部")
    assert made.code == "D9"
    assert compare(made) is None


@pytest.mark.parametrize(
    ("code", "name", "field"), [("", "空", "code"), ("D7", " ", "name"), ("D7", "金融业务一部", "name")]
)
def test_what_is_missing_or_taken_is_told_at_its_field(firm, at_nine, code, name, field):
    with pytest.raises(Invalid) as refused:
        create_department(actor=firm.actor("admin"), code=code, name=name)
    assert set(refused.value.errors) == {field}


@pytest.mark.parametrize("by", ["head", "desk", "clerk"])
def test_only_an_administrator_keeps_departments(firm, at_nine, by):
    actor, standing = firm.actor(by), firm.other_department
    for refused in (
        lambda: create_department(actor=actor, code="D7", name="七部"),
        lambda: change_department(standing, actor=actor, version=1, name="改"),
        lambda: end_department(standing, actor=actor, version=1),
        lambda: reopen_department(standing, actor=actor, version=1),
    ):
        with pytest.raises(NotPermitted):
            refused()


def test_a_department_does_not_end_while_something_belongs_to_it(firm, at_nine):
    with pytest.raises(NotPossible) as refused:
        _end(firm.department, firm)
    assert [str(reason.sentence).split()[0] for reason in refused.value.reasons] == ["5", "1", "1"]
    firm.department.refresh_from_db()
    assert firm.department.ended_on is None


def test_an_empty_department_ends_and_comes_back(firm, at_nine):
    ended = _end(firm.other_department, firm)
    assert ended.ended_on == date(2026, 11, 23)
    with pytest.raises(Stale):
        reopen_department(ended, actor=firm.actor("admin"), version=1)
    back = reopen_department(ended, actor=firm.actor("admin"), version=2)
    assert back.ended_on is None
    assert list(Entry.objects.filter(stream=back.stream).order_by("sequence").values_list("action", flat=True)) == [
        "create_department",
        "end_department",
        "reopen_department",
    ]
    with pytest.raises(NotPossible):
        reopen_department(back, actor=firm.actor("admin"), version=3)


def test_an_end_that_is_past_is_not_moved(firm, clock, at_nine):
    ended = _end(firm.other_department, firm)
    clock.set(at_nine + timedelta(days=1))
    with pytest.raises(NotPossible):
        end_department(ended, actor=firm.actor("admin"), version=2)


def _new_person(firm):
    create_user(actor=SYSTEM, username="new", employee_number="N9", name="新", department=firm.other_department)


def _moved_person(firm):
    change_user(firm["clerk"], actor=firm.actor("admin"), version=None, department=firm.other_department)


def _reopened_person(firm):
    gone = create_user(actor=SYSTEM, username="gone", employee_number="N8", name="旧", department=firm.department)
    type(gone).objects.filter(pk=gone.pk).update(department=firm.other_department, is_active=False)
    change_user(gone, actor=firm.actor("admin"), version=None, is_active=True)


def _new_customer(firm):
    create_customer(actor=SYSTEM, code="C09", name="新客户", department=firm.other_department)


def _moved_customer(firm):
    change_customer(firm.customer, actor=firm.actor("admin"), version=None, department=firm.other_department)


def _grant(firm):
    grant_role(
        actor=firm.actor("admin"),
        user=firm["clerk"],
        role=Role.CUSTODIAN,
        reason="档案",
        department=firm.other_department,
    )


TAKERS = [_new_person, _moved_person, _reopened_person, _new_customer, _moved_customer, _grant]


@pytest.mark.parametrize("takes", TAKERS)
@pytest.mark.parametrize("days", [0, 30], ids=["ended", "ends"])
def test_an_ended_department_takes_nothing_new(firm, clock, at_nine, takes, days):
    _end(firm.other_department, firm, on=now().date() + timedelta(days=days))
    clock.set(at_nine + timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        takes(firm)
    assert "department" in refused.value.errors


@pytest.mark.parametrize("takes", TAKERS)
def test_one_that_goes_on_takes_all_of_it(firm, at_nine, takes):
    takes(firm)


def test_a_role_that_ends_before_the_department_does_is_given(firm, at_nine):
    _end(firm.other_department, firm, on=date(2026, 12, 31))
    scope = {"department": firm.other_department, "ends_on": date(2026, 12, 31)}
    assert grant_role(actor=firm.actor("admin"), user=firm["clerk"], role=Role.CUSTODIAN, reason="档案", **scope)


def test_people_who_have_left_do_not_keep_a_department_open(firm, at_nine):
    admin = firm.actor("admin")
    moved = change_user(firm["clerk"], actor=admin, version=None, department=firm.other_department)
    with pytest.raises(NotPossible):
        _end(firm.other_department, firm)
    deactivate_user(moved, actor=admin, version=None)
    assert _end(firm.other_department, firm).ended_on
