"""Giving, ending and lending roles, and who may do it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import delegate, end_delegation, end_grant, grant_role, record_qualification
from accounts.actors import SYSTEM
from accounts.models import Delegation, Qualification, Role, RoleGrant
from accounts.queries import is_qualified
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from ledger.models import Entry

pytestmark = pytest.mark.django_db


def _grant(firm, by="admin", to="clerk", role=Role.AUDITOR, **values):
    return grant_role(actor=firm.actor(by), user=firm[to], role=role, reason="needed", **values)


def _lend(firm, at, by="head", to="deputy", role=Role.DEPARTMENT_HEAD, lender="head", **values):
    times = {"starts_at": at, "ends_at": at + timedelta(days=3)} | values
    return delegate(
        actor=firm.actor(by), role=role, from_user=firm[lender], to_user=firm[to], reason="on leave", **times
    )


def test_a_grant_stands_in_a_chain_of_its_own_signed_by_the_administrator(firm, at_nine):
    grant = _grant(firm)
    entry = Entry.objects.get(stream=grant.stream)
    assert (entry.action, entry.role, entry.clause) == ("grant_role", "administrator", "4.1")
    assert grant.granted_by == firm["admin"]


@pytest.mark.parametrize("by", ["head", "desk", "clerk"])
def test_only_an_administrator_grants(firm, at_nine, by):
    with pytest.raises(NotPermitted):
        _grant(firm, by=by, to="deputy")


def test_nobody_changes_the_own_roles(firm, at_nine):
    with pytest.raises(NotPermitted):
        _grant(firm, to="admin")
    own = RoleGrant.objects.get(role=Role.ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        end_grant(own, actor=firm.actor("admin"), version=own.version)


@pytest.mark.parametrize("role", ["service_desk", "department_head", "custodian", "duty_desk"])
def test_a_bound_role_needs_its_scope(firm, at_nine, role):
    with pytest.raises(Invalid):
        _grant(firm, role=role)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=firm["clerk"], role=role, starts_on=date(2026, 1, 1), reason="by hand")


def test_an_unknown_role_or_an_empty_reason_is_refused(firm, at_nine):
    with pytest.raises(Invalid) as refused:
        _grant(firm, role="emperor")
    assert "role" in refused.value.errors
    with pytest.raises(Invalid) as refused:
        grant_role(actor=firm.actor("admin"), user=firm["clerk"], role=Role.AUDITOR, reason=" ")
    assert "reason" in refused.value.errors


def test_a_grant_cannot_end_before_it_begins(firm, at_nine):
    with pytest.raises(Invalid):
        _grant(firm, starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 1))


def test_a_department_has_one_head_at_a_time(firm, at_nine):
    with pytest.raises(NotPossible, match="Head holds this role"):
        _grant(firm, role=Role.DEPARTMENT_HEAD, department=firm.department)
    old = RoleGrant.objects.get(role=Role.DEPARTMENT_HEAD)
    end_grant(old, actor=firm.actor("admin"), version=old.version)
    tomorrow = date(2026, 11, 24)
    assert _grant(firm, role=Role.DEPARTMENT_HEAD, department=firm.department, starts_on=tomorrow)


def test_a_second_desk_of_a_customer_is_refused_by_the_database_too(firm, at_nine):
    with pytest.raises(NotPossible):
        _grant(firm, role=Role.SERVICE_DESK, customer=firm.customer)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(
            user=firm["clerk"],
            role=Role.SERVICE_DESK,
            customer=firm.customer,
            starts_on=date(2026, 12, 1),
            reason="by hand",
        )


def test_a_grant_ends_once_and_not_before_it_began(firm, at_nine):
    grant = _grant(firm)
    with pytest.raises(Invalid):
        end_grant(grant, actor=firm.actor("admin"), version=1, on=date(2026, 11, 22))
    assert end_grant(grant, actor=firm.actor("admin"), version=1).ends_on == date(2026, 11, 23)
    with pytest.raises(Stale):
        end_grant(grant, actor=firm.actor("admin"), version=1)
    with pytest.raises(NotPossible):
        end_grant(grant, actor=firm.actor("admin"), version=2)


def test_the_holder_lends_the_own_role(firm, at_nine):
    lent = _lend(firm, at_nine)
    assert Entry.objects.get(stream=lent.stream).role == "department_head"


def test_an_administrator_names_the_deputy_of_somebody_absent(firm, at_nine):
    assert _lend(firm, at_nine, by="admin").to_user == firm["deputy"]


def test_nobody_lends_the_role_of_another(firm, at_nine):
    with pytest.raises(NotPermitted):
        _lend(firm, at_nine, by="clerk")


def test_an_administrator_names_deputies_but_not_himself(firm, at_nine):
    with pytest.raises(NotPermitted, match="names himself"):
        _lend(firm, at_nine, by="admin", to="admin")
    assert firm.actor("admin").holds(Role.DEPARTMENT_HEAD) is None


def test_a_deputy_cannot_pass_the_role_on(firm, at_nine):
    _lend(firm, at_nine)
    with pytest.raises(NotPermitted):
        _lend(firm, at_nine, by="deputy", lender="deputy", to="clerk")


def test_the_administrators_role_cannot_be_lent(firm, at_nine):
    with pytest.raises(NotPermitted):
        _lend(firm, at_nine, by="admin", lender="admin", role=Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"to": "head"}, "to_user"), ({"by": "admin", "lender": "clerk"}, "role"), ({"ends_at": None}, "ends_at")],
)
def test_an_impossible_delegation_is_refused(firm, at_nine, wrong, field):
    if "ends_at" in wrong:
        wrong = {"starts_at": at_nine - timedelta(days=2), "ends_at": at_nine}
    with pytest.raises(Invalid) as refused:
        _lend(firm, at_nine, **wrong)
    assert field in refused.value.errors


def test_a_delegation_is_taken_back_at_once(firm, at_nine, clock):
    lent = _lend(firm, at_nine)
    clock.advance(hours=2)
    end_delegation(lent, actor=firm.actor("head"), version=1)
    assert firm.actor("deputy").holds(Role.DEPARTMENT_HEAD) is None
    with pytest.raises(NotPossible):
        end_delegation(lent, actor=firm.actor("head"), version=2)


def test_a_delegation_taken_back_before_it_begins_never_begins(firm, at_nine):
    later = at_nine + timedelta(days=1)
    lent = _lend(firm, later)
    end_delegation(lent, actor=firm.actor("head"), version=1)
    found = Delegation.objects.get()
    assert found.starts_at == found.ends_at == later
    assert not found.covers(later)


def test_a_qualification_counts_between_its_days(firm, at_nine):
    record_qualification(
        actor=SYSTEM,
        user=firm["desk"],
        kind=Qualification.Kind.DESK,
        evidence="course 7",
        obtained_on=date(2025, 1, 1),
        expires_on=date(2026, 11, 22),
    )
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2026, 11, 22), date(2026, 11, 23))
    assert [is_qualified(firm["desk"], Qualification.Kind.DESK, day) for day in days] == [False, True, True, False]
