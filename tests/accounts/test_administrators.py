"""Nobody can take the last administrator away."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.actions import change_user, deactivate_user, end_grant, give_to_successor, grant_role
from accounts.actors import SYSTEM
from accounts.models import Role, RoleGrant, User
from ledger.exceptions import NotPossible

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def second(firm, **days) -> RoleGrant:
    return grant_role(actor=SYSTEM, user=firm["clerk"], role=Role.ADMINISTRATOR, reason="第二位管理员", **days)


LOSSES = {
    "ended": lambda firm: end_grant(first_of(firm), actor=SYSTEM, version=None),
    "ended on a day to come": lambda firm: end_grant(first_of(firm), actor=SYSTEM, version=None, on=date(2027, 5, 1)),
    "closed": lambda firm: deactivate_user(firm["admin"], actor=SYSTEM, version=None),
    "changed": lambda firm: change_user(firm["admin"], actor=SYSTEM, version=None, is_active=False),
}


def first_of(firm) -> RoleGrant:
    return RoleGrant.objects.get(role=Role.ADMINISTRATOR, user=firm["admin"])


@pytest.mark.parametrize("loss", LOSSES)
def test_the_last_administrator_stays_by_every_way(firm, at_nine, loss):
    with pytest.raises(NotPossible, match="Nobody would be administrator"):
        LOSSES[loss](firm)
    assert firm.actor("admin").holds(Role.ADMINISTRATOR)
    assert User.objects.get(pk=firm["admin"].pk).is_active


@pytest.mark.parametrize("loss", LOSSES)
def test_beside_another_the_first_may_go(firm, at_nine, loss):
    second(firm)
    LOSSES[loss](firm)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    "days",
    [{"ends_on": date(2027, 6, 1)}, {"starts_on": date(2027, 5, 3)}],
    ids=["one who ends too", "one who begins after a gap"],
)
def test_one_who_is_not_always_there_is_not_enough(firm, at_nine, loss, days):
    second(firm, **days)
    with pytest.raises(NotPossible):
        LOSSES[loss](firm)


def test_one_who_begins_the_day_after_is_enough(firm, at_nine):
    second(firm, starts_on=date(2027, 5, 2))
    assert LOSSES["ended on a day to come"](firm).ends_on == date(2027, 5, 1)


def test_a_closed_account_does_not_count(firm, at_nine):
    second(firm)
    deactivate_user(firm["clerk"], actor=SYSTEM, version=None)
    with pytest.raises(NotPossible):
        LOSSES["ended"](firm)


def test_two_who_end_each_other_leave_one(firm, at_nine):
    mine, other = first_of(firm), second(firm)
    end_grant(other, actor=firm.actor("admin"), version=other.version, on=TODAY)
    with pytest.raises(NotPossible):
        end_grant(mine, actor=firm.actor("clerk"), version=mine.version, on=TODAY + timedelta(days=1))


def test_the_role_is_handed_on_in_one_step(firm, at_nine):
    second(firm, ends_on=date(2026, 12, 31))
    tomorrow = TODAY + timedelta(days=1)
    new = give_to_successor(
        first_of(firm),
        actor=firm.actor("clerk"),
        version=1,
        successor=firm["desk"],
        reason="轮岗",
        starts_on=tomorrow,
    )
    assert (new.user, new.ends_on) == (firm["desk"], None)


def test_a_firm_that_has_none_can_still_be_kept(firm, at_nine):
    """What an older desk left behind is not made worse by refusing everything."""
    RoleGrant.objects.filter(role=Role.ADMINISTRATOR).update(ends_on=date(2026, 12, 31))
    assert deactivate_user(firm["admin"], actor=SYSTEM, version=None).is_active is False
