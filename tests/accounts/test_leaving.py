"""Somebody leaves, and nothing is left behind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actions import create_token, delegate, grant_role, leave, make_password_link
from accounts.actors import SYSTEM
from accounts.models import Delegation, PasswordLink, Role, RoleGrant, User
from accounts.queries import desk_of
from ledger.actions import attempt
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from ledger.models import Entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def tuesday(firm, at_nine, clock):
    """The desk has served since yesterday, audits next year, and stands in for the head."""
    grant_role(actor=SYSTEM, user=firm["desk"], role=Role.AUDITOR, reason="次年", starts_on=date(2027, 1, 1))
    times = {"starts_at": at_nine, "ends_at": at_nine + timedelta(days=9), "reason": "休假"}
    delegate(actor=SYSTEM, role=Role.DEPARTMENT_HEAD, from_user=firm["head"], to_user=firm["desk"], **times)
    delegate(actor=SYSTEM, role=Role.SERVICE_DESK, from_user=firm["desk"], to_user=firm["clerk"], **times)
    create_token(actor=firm.actor("desk"), user=firm["desk"], name="程序", days=9)
    make_password_link(firm["desk"], actor=firm.actor("admin"))
    clock.set(at_nine + timedelta(days=1))
    return at_nine + timedelta(days=1)


def everything(firm) -> dict:
    grants = {each.pk: firm["clerk"] for each in firm["desk"].grants.all()}
    delegations = {each.pk: firm["deputy"] for each in Delegation.objects.filter(to_user=firm["desk"])}
    return {"grants": grants, "delegations": delegations}


def leaves(firm, by="admin", version=None, reason="离职", **changed):
    user = User.objects.get(pk=firm["desk"].pk)
    return leave(user, actor=firm.actor(by), version=version, reason=reason, **(everything(firm) | changed))


def test_everything_goes_to_its_successor_and_the_account_is_closed(firm, tuesday):
    gone = leaves(firm)
    assert not gone.is_active
    assert not gone.has_usable_password()
    assert desk_of(firm.customer) == firm["clerk"]
    assert RoleGrant.objects.get(user=gone, role=Role.SERVICE_DESK).ends_on == TODAY - timedelta(days=1)
    assert RoleGrant.objects.get(user=firm["clerk"], role=Role.AUDITOR).starts_on == date(2027, 1, 1)
    assert firm.actor("deputy").holds(Role.DEPARTMENT_HEAD).on_behalf_of == firm["head"]
    assert not Delegation.objects.filter(to_user=gone, ends_at__gt=tuesday).exists()
    assert not Delegation.objects.filter(from_user=gone, ends_at__gt=tuesday).exists()
    assert not gone.tokens.filter(revoked_at=None).exists()
    assert PasswordLink.objects.get(user=gone).outcome == PasswordLink.Outcome.CLOSED
    assert Entry.objects.filter(stream=gone.stream).order_by("-sequence")[0].action == "leave"


def test_without_a_successor_nothing_happens_and_each_is_named(firm, tuesday):
    with pytest.raises(NotPossible) as refused:
        leaves(firm, grants={}, delegations={})
    assert len(refused.value.reasons) == 3
    assert User.objects.get(pk=firm["desk"].pk).is_active
    assert desk_of(firm.customer) == firm["desk"]


@pytest.mark.parametrize("by", ["head", "clerk", "desk"])
def test_only_an_administrator_lets_somebody_leave(firm, tuesday, by):
    with pytest.raises(NotPermitted):
        leaves(firm, by=by)


def test_a_stale_page_or_no_reason_changes_nothing(firm, tuesday):
    with pytest.raises(Stale):
        leaves(firm, version=99)
    with pytest.raises(Invalid):
        leaves(firm, reason=" ")
    assert User.objects.get(pk=firm["desk"].pk).is_active


def test_a_successor_who_has_left_takes_nothing(firm, tuesday):
    User.objects.filter(pk=firm["clerk"].pk).update(is_active=False)
    firm["clerk"].refresh_from_db()
    with pytest.raises(Invalid):
        leaves(firm)
    assert User.objects.get(pk=firm["desk"].pk).is_active


def test_nobody_leaves_twice(firm, tuesday):
    leaves(firm)
    with pytest.raises(NotPossible):
        leaves(firm)


def test_on_the_first_day_of_a_role_it_goes_over_too(firm, at_nine):
    grants = {each.pk: firm["clerk"] for each in firm["desk"].grants.all()}
    leave(firm["desk"], actor=firm.actor("admin"), version=None, reason="离职", grants=grants, delegations={})
    assert desk_of(firm.customer) == firm["clerk"]


def test_the_last_administrator_leaves_only_with_a_successor_for_good(firm, at_nine):
    grant_role(actor=SYSTEM, user=firm["clerk"], role=Role.ADMINISTRATOR, reason="临时", ends_on=date(2026, 12, 31))
    own = RoleGrant.objects.get(user=firm["admin"])
    given = {"actor": firm.actor("clerk"), "version": None, "reason": "离职", "delegations": {}}
    assert not leave(firm["admin"], grants={own.pk: firm["desk"]}, **given).is_active
    assert firm.actor("desk").holds(Role.ADMINISTRATOR)


def test_a_larger_transaction_takes_it_back_with_the_rest(firm, tuesday):
    actor = firm.actor("admin")

    def with_open_records() -> None:
        with attempt(actor.signature(), action="leave_firm", stream="staff:x"):
            leaves(firm)
            raise NotPossible("Open records are left.")

    with pytest.raises(NotPossible, match="Open records"):
        with_open_records()
    assert User.objects.get(pk=firm["desk"].pk).is_active
    assert desk_of(firm.customer) == firm["desk"]


def test_whoever_holds_the_same_role_already_takes_it_on_by_holding_it(firm, tuesday):
    grant_role(actor=SYSTEM, user=firm["clerk"], role=Role.AUDITOR, reason="已任", starts_on=date(2026, 11, 1))
    leaves(firm)
    assert RoleGrant.objects.filter(user=firm["clerk"], role=Role.AUDITOR).count() == 1
    assert RoleGrant.objects.get(user=firm["desk"], role=Role.AUDITOR).ends_on == date(2027, 1, 1)


def test_whoever_holds_it_for_a_while_holds_it_on_afterwards(firm, tuesday):
    times = {"starts_on": date(2026, 11, 1), "ends_on": date(2027, 6, 30)}
    grant_role(actor=SYSTEM, user=firm["clerk"], role=Role.AUDITOR, reason="暂任", **times)
    leaves(firm)
    [_first, second] = RoleGrant.objects.filter(user=firm["clerk"], role=Role.AUDITOR).order_by("starts_on")
    assert (second.starts_on, second.ends_on) == (date(2027, 7, 1), None)


def test_what_the_absent_person_does_not_hold_any_more_needs_no_other_deputy(firm, tuesday):
    RoleGrant.objects.filter(user=firm["head"]).update(ends_on=TODAY - timedelta(days=1))
    assert not leaves(firm).is_active
    assert not Delegation.objects.filter(to_user=firm["deputy"]).exists()


def test_no_administrator_becomes_the_deputy_of_a_head_by_it(firm, tuesday):
    delegations = {each.pk: firm["admin"] for each in Delegation.objects.filter(to_user=firm["desk"])}
    with pytest.raises(NotPermitted, match="names himself"):
        leaves(firm, delegations=delegations)
    assert User.objects.get(pk=firm["desk"].pk).is_active
