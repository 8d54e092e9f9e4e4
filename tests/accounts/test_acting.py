"""Who holds which role at which moment."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.actions import deactivate_user, delegate, end_grant, grant_role
from accounts.actors import NOBODY, SYSTEM, actor_for, actor_for_contact
from accounts.models import Role, RoleGrant

pytestmark = pytest.mark.django_db


def _lend(firm, at, *, role=Role.DEPARTMENT_HEAD, lender="head", **scope):
    return delegate(
        actor=firm.actor(lender),
        role=role,
        from_user=firm[lender],
        to_user=firm["deputy"],
        starts_at=at,
        ends_at=at + timedelta(hours=8),
        reason="on leave",
        **scope,
    )


def test_a_head_holds_the_role_for_the_own_department_only(firm, at_nine):
    head = firm.actor("head")
    assert head.holds(Role.DEPARTMENT_HEAD)
    assert head.holds(Role.DEPARTMENT_HEAD, department_id=firm.department.pk)
    assert head.holds(Role.DEPARTMENT_HEAD, department_id=firm.other_department.pk) is None
    assert head.departments(Role.DEPARTMENT_HEAD) == {firm.department.pk}


def test_a_desk_holds_the_role_for_its_customer(firm, at_nine):
    desk = firm.actor("desk")
    assert desk.holds(Role.SERVICE_DESK, customer_id=firm.customer.pk)
    assert desk.holds(Role.SERVICE_DESK, customer_id=firm.customer.pk + 1) is None
    assert desk.customers(Role.SERVICE_DESK) == {firm.customer.pk}


def test_a_role_without_scope_reaches_every_department(firm, at_nine):
    grant_role(actor=firm.actor("admin"), user=firm["clerk"], role=Role.AUDITOR, reason="audits")
    assert firm.actor("clerk").holds(Role.AUDITOR, department_id=firm.other_department.pk)


def test_everybody_who_may_sign_in_is_staff(firm, at_nine):
    assert firm.actor("clerk").holds(Role.STAFF)
    assert NOBODY.holds(Role.STAFF) is None
    assert SYSTEM.holds(Role.STAFF) is None


def test_both_end_days_belong_to_a_grant_and_the_days_are_those_of_china(firm, clock, at_nine):
    grant = grant_role(
        actor=firm.actor("admin"),
        user=firm["clerk"],
        role=Role.AUDITOR,
        reason="stands in",
        starts_on=date(2026, 11, 24),
        ends_on=date(2026, 11, 25),
    )
    midnight = at_nine.replace(hour=16, minute=0)  # 24 November 00:00 in China
    moments = [midnight - timedelta(seconds=1), midnight, midnight + timedelta(days=2, seconds=-1)]
    held = [bool(actor_for(firm["clerk"], at).holds(Role.AUDITOR)) for at in [*moments, midnight + timedelta(days=2)]]
    assert held == [False, True, True, False]
    assert grant.starts_on == date(2026, 11, 24)


def test_a_deputy_holds_the_role_only_within_the_delegation(firm, at_nine):
    _lend(firm, at_nine)
    moments = [at_nine - timedelta(seconds=1), at_nine, at_nine + timedelta(hours=8)]
    held = [actor_for(firm["deputy"], at).holds(Role.DEPARTMENT_HEAD) for at in moments]
    assert [bool(one) for one in held] == [False, True, False]
    assert held[1].on_behalf_of == firm["head"]
    assert held[1].department_id == firm.department.pk


def test_an_own_grant_comes_before_that_of_a_deputy(firm, at_nine):
    _lend(firm, at_nine)
    grant_role(
        actor=firm.actor("admin"),
        user=firm["deputy"],
        role=Role.DEPARTMENT_HEAD,
        reason="new head",
        department=firm.other_department,
    )
    deputy = firm.actor("deputy")
    assert deputy.holds(Role.DEPARTMENT_HEAD).on_behalf_of is None
    assert deputy.holds(Role.DEPARTMENT_HEAD, department_id=firm.department.pk).on_behalf_of == firm["head"]


def test_a_delegation_lends_nothing_once_the_grant_behind_it_has_ended(firm, clock, at_nine):
    _lend(firm, at_nine)
    grant = RoleGrant.objects.get(role=Role.DEPARTMENT_HEAD)
    end_grant(grant, actor=SYSTEM, version=None, on=at_nine.date() - timedelta(days=0))
    clock.set(at_nine + timedelta(hours=7))
    assert firm.actor("deputy").holds(Role.DEPARTMENT_HEAD)
    assert actor_for(firm["deputy"], at_nine + timedelta(days=1)).holds(Role.DEPARTMENT_HEAD) is None


def test_a_delegation_for_another_department_lends_nothing(firm, at_nine):
    _lend(firm, at_nine, department=firm.other_department)
    assert firm.actor("deputy").holds(Role.DEPARTMENT_HEAD) is None


def test_who_may_not_sign_in_is_nobody(firm, at_nine):
    user = deactivate_user(firm["desk"], actor=firm.actor("admin"), version=None)
    assert actor_for(user) is NOBODY
    assert actor_for(AnonymousUser()) is NOBODY


def test_an_actor_is_read_in_one_query_whatever_is_held(firm, at_nine, count_queries):
    _lend(firm, at_nine)
    assert count_queries(lambda: actor_for(firm["clerk"])) == 1
    assert count_queries(lambda: actor_for(firm["deputy"]).holds(Role.DEPARTMENT_HEAD).on_behalf_of.name) == 1


def test_a_signature_names_the_person_the_role_and_the_absent_one(firm, at_nine):
    _lend(firm, at_nine)
    deputy = firm.actor("deputy")
    signature = deputy.signature(deputy.holds(Role.DEPARTMENT_HEAD))
    assert (signature.key, signature.role) == (f"staff:{firm['deputy'].pk}", "department_head")
    assert (signature.on_behalf_of, signature.on_behalf_of_name) == (f"staff:{firm['head'].pk}", "Head")


def test_contact_and_system_sign_as_what_they_are(firm, at_nine):
    contact = actor_for_contact(firm.contact).signature()
    assert (contact.kind, contact.key, contact.name, contact.via) == (
        "contact",
        f"contact:{firm.contact.pk}",
        "沈亦舟",
        "tracking",
    )
    assert SYSTEM.signature().kind == "system"
    assert NOBODY.signature().key == "anonymous"
