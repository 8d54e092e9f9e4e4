"""Somebody leaves: every role goes to a named successor, and the account is closed, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from accounts import access
from accounts.actions.administrators import administrator_stays
from accounts.actions.checks import required
from accounts.actions.delegations import delegate
from accounts.actions.grants import grant_alike
from accounts.actions.people import close
from accounts.actors import Actor, local_day
from accounts.models import Delegation, RoleGrant, User
from accounts.queries.people import grants_to_hand_on, lent_by, stands_in_for
from accounts.wording import role_of
from base.clock import now
from ledger.actions import attempt, step
from ledger.exceptions import NotPossible, Reason
from ledger.signature import Signature

CLAUSE = "4.1"
DAY = timedelta(days=1)
Successors = Mapping[int, User]


def leave(
    user: User,
    *,
    actor: Actor,
    version: int | None,
    reason: str,
    grants: Successors,
    delegations: Successors,
) -> User:
    """Close an account and hand on what it holds: `grants` and `delegations` name the successor of each by its key.

    Roles that run or are to come go to their successors from today on; what the person stands in for goes to other
    deputies for the rest of its time, and what was lent by the person ends. Raises `NotPossible` with a reason for each
    that has no successor. It may be called within a larger attempt, whose higher rooms hand on what they know of.
    """
    with (
        attempt(actor.signature(), action="leave", stream=user.stream, clause=CLAUSE) as tried,
        administrator_stays(),
    ):
        held = access.require_grant_roles(actor, user)
        tried.signature = signature = actor.signature(held)
        required({"reason": reason})
        with step(User, user.pk, version=version, signature=signature, action="leave", clause=CLAUSE) as taken:
            if not taken.record.is_active:
                raise NotPossible(_("This account is closed already."), clause=CLAUSE)
            today = local_day(now())
            roles, stood_in, lent = grants_to_hand_on(user), stands_in_for(user), lent_by(user)
            _refuse_without_successor(roles, grants, stood_in, delegations)
            taken.note(reason=reason)
            close(taken)
        for grant in roles:
            _hand_on(grant, grants[grant.pk], actor=actor, reason=reason, signature=signature, today=today)
        for one in (*lent, *stood_in):
            _end_delegation(one, signature)
        for one in stood_in:
            _stand_in_instead(one, delegations[one.pk], actor=actor, reason=reason)
    return taken.record


def _refuse_without_successor(
    roles: list[RoleGrant], grants: Successors, stood_in: list[Delegation], delegations: Successors
) -> None:
    missing = [
        Reason(_("%(role)s has no successor.") % {"role": role_of(grant)}, CLAUSE)
        for grant in roles
        if grant.pk not in grants
    ]
    missing += [
        Reason(
            _("%(name)s has no other deputy for %(role)s.") % {"name": one.from_user.name, "role": role_of(one)}, CLAUSE
        )
        for one in stood_in
        if one.pk not in delegations
    ]
    if missing:
        raise NotPossible(_("The person still holds something."), clause=CLAUSE, reasons=missing)


def _hand_on(
    grant: RoleGrant, successor: User, *, actor: Actor, reason: str, signature: Signature, today: date
) -> None:
    """A grant that begins today or later ends on its first day: an account that is closed holds nothing that day."""
    ends_on, first = grant.ends_on, max(today, grant.starts_on)
    with step(RoleGrant, grant.pk, version=None, signature=signature, action="end_grant", clause=CLAUSE) as taken:
        taken.record.ends_on = max(today - DAY, grant.starts_on)
        taken.note(successor=successor.stream)
    begins = _first_day_without(grant, successor, first)
    if begins is not None and (ends_on is None or begins <= ends_on):
        grant_alike(grant, actor=actor, user=successor, reason=reason, starts_on=begins, ends_on=ends_on)


def _first_day_without(grant: RoleGrant, successor: User, first: date) -> date | None:
    """From when on the successor lacks what the grant gives; None for who holds the same without an end."""
    same = successor.grants.filter(role=grant.role, department=grant.department, customer=grant.customer)
    ends = [held.ends_on for held in same.filter(starts_on__lte=first) if held.ends_on is None or held.ends_on >= first]
    if None in ends:
        return None
    return max((day + DAY for day in ends if day is not None), default=first)


def _end_delegation(lent: Delegation, signature: Signature) -> None:
    with step(Delegation, lent.pk, version=None, signature=signature, action="end_delegation", clause=CLAUSE) as taken:
        taken.record.ends_at = max(now(), lent.starts_at)


def _stand_in_instead(lent: Delegation, deputy: User, *, actor: Actor, reason: str) -> None:
    """What the absent person does not hold any more needs no other deputy."""
    if not lent.from_user.grants.in_force(local_day(max(now(), lent.starts_at))).filter(role=lent.role).exists():
        return
    delegate(
        actor=actor,
        role=lent.role,
        from_user=lent.from_user,
        to_user=deputy,
        starts_at=max(now(), lent.starts_at),
        ends_at=lent.ends_at,
        reason=reason,
        department=lent.department,
        customer=lent.customer,
    )
