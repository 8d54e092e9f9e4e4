"""Several roles at once, and a role for a successor."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actions import (
    Scope,
    create_customer,
    create_user,
    deactivate_user,
    end_grant,
    give_to_successor,
    grant_role,
    grant_roles,
)
from accounts.actors import SYSTEM
from accounts.models import Role, RoleGrant, User
from ledger.exceptions import Invalid, NotPermitted, NotPossible, Stale
from ledger.models import Entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)


def desk_grant() -> RoleGrant:
    return RoleGrant.objects.get(role=Role.SERVICE_DESK)


def hand_on(firm, by="admin", to="clerk", starts_on=TOMORROW, **values):
    values = {"version": desk_grant().version, "reason": "休产假"} | values
    return give_to_successor(desk_grant(), actor=firm.actor(by), successor=firm[to], starts_on=starts_on, **values)


def test_several_customers_are_given_in_one_transaction(firm, at_nine):
    customers = [
        create_customer(actor=SYSTEM, code=f"C1{n}", name=f"客户{n}", department=firm.department) for n in "123"
    ]
    scopes = [Scope(Role.SERVICE_DESK, customer=each) for each in customers]
    made = grant_roles(actor=firm.actor("admin"), user=firm["clerk"], scopes=scopes, reason="项目经理")
    assert firm.actor("clerk").customers(Role.SERVICE_DESK) == {each.pk for each in customers}
    assert {Entry.objects.get(stream=each.stream).action for each in made} == {"grant_role"}


def test_of_several_roles_all_are_given_or_none(firm, at_nine):
    free = create_customer(actor=SYSTEM, code="C11", name="客户", department=firm.department)
    scopes = [Scope(Role.SERVICE_DESK, customer=each) for each in (free, firm.customer)]
    with pytest.raises(NotPossible, match="Desk holds this role"):
        grant_roles(actor=firm.actor("admin"), user=firm["clerk"], scopes=scopes, reason="项目经理")
    assert not RoleGrant.objects.filter(user=firm["clerk"]).exists()


def test_nobody_gives_roles_to_a_closed_account(firm, at_nine):
    gone = deactivate_user(firm["clerk"], actor=firm.actor("admin"), version=None)
    with pytest.raises(Invalid) as refused:
        grant_role(actor=firm.actor("admin"), user=gone, role=Role.AUDITOR, reason="审核")
    assert "may not sign in" in str(refused.value.errors)


def test_a_successor_begins_the_day_after_the_last_of_the_holder(firm, at_nine):
    new = hand_on(firm)
    old = RoleGrant.objects.get(user=firm["desk"])
    assert (old.ends_on, new.starts_on, new.ends_on, new.customer) == (TODAY, TOMORROW, None, firm.customer)
    assert Entry.objects.filter(stream=old.stream).order_by("-sequence")[0].action == "end_grant"


def test_the_end_that_was_agreed_stays(firm, at_nine):
    end_grant(desk_grant(), actor=firm.actor("admin"), version=1, on=date(2026, 12, 31))
    assert hand_on(firm).ends_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": "desk"}, "successor"),
        ({"starts_on": TODAY}, "starts_on"),
        ({"reason": " "}, "reason"),
    ],
    ids=["to the holder", "on the day on which it began", "without a reason"],
)
def test_what_cannot_be_leaves_the_role_where_it_was(firm, at_nine, change, field):
    with pytest.raises(Invalid) as refused:
        hand_on(firm, **change)
    assert field in refused.value.errors
    assert (desk_grant().user, desk_grant().ends_on) == (firm["desk"], None)


@pytest.mark.parametrize(("by", "to"), [("head", "clerk"), ("desk", "clerk"), ("admin", "admin")])
def test_only_an_administrator_hands_on_and_not_to_oneself(firm, at_nine, by, to):
    with pytest.raises(NotPermitted):
        hand_on(firm, by=by, to=to)
    assert (desk_grant().user, desk_grant().ends_on) == (firm["desk"], None)


def test_of_two_who_hand_on_the_second_is_told(firm, at_nine):
    version = desk_grant().version
    grant = desk_grant()
    hand_on(firm)
    with pytest.raises(Stale):
        give_to_successor(
            grant, actor=firm.actor("admin"), version=version, successor=firm["deputy"], reason="休", starts_on=TOMORROW
        )


@pytest.mark.parametrize("account", ["CLERK", "ｃｌｅｒｋ", " clerk "])
def test_an_account_that_looks_like_another_is_refused(firm, at_nine, account):
    with pytest.raises(Invalid) as refused:
        create_user(
            actor=firm.actor("admin"), username=account, employee_number="N1", name="新", department=firm.department
        )
    assert "username" in refused.value.errors
    assert User.objects.filter(username__iexact="clerk").count() == 1
