"""Standing in for somebody."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions.checks import checked, required
from accounts.actors import Actor, local_day
from accounts.models import Customer, Delegation, Department, User
from base.clock import now
from ledger.actions import attempt, create, step
from ledger.exceptions import Invalid, NotPossible

CLAUSE = "4.1"


def delegate(
    *,
    actor: Actor,
    role: str,
    from_user: User,
    to_user: User,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    department: Department | None = None,
    customer: Customer | None = None,
) -> Delegation:
    """Let somebody stand in for a role between two instants (an addition of ours, R-4.1-2)."""
    with attempt(actor.signature(), action="delegate", stream="delegation:new", clause=CLAUSE) as tried:
        tried.signature = actor.signature(access.require_delegate(actor, from_user, role))
        required({"reason": reason})
        _refuse_impossible_delegation(role, from_user, to_user, starts_at, ends_at)
        lent = Delegation(
            role=role,
            from_user=from_user,
            to_user=to_user,
            department=department,
            customer=customer,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
        )
        checked(lent)
        with create(lent, signature=tried.signature, action="delegate", clause=CLAUSE):
            return lent


def end_delegation(delegation: Delegation, *, actor: Actor, version: int | None) -> Delegation:
    """Take a delegation back at once; one that has not begun never begins."""
    with step(
        Delegation, delegation.pk, version=version, signature=actor.signature(), action="end_delegation", clause=CLAUSE
    ) as taken:
        lent, at = taken.record, now()
        taken.signature = actor.signature(access.require_delegate(actor, lent.from_user, lent.role))
        if lent.ends_at <= at:
            raise NotPossible(_("This delegation has ended already."), clause=CLAUSE)
        lent.ends_at = max(at, lent.starts_at)
    return taken.record


def _refuse_impossible_delegation(
    role: str, from_user: User, to_user: User, starts_at: datetime, ends_at: datetime
) -> None:
    if from_user.pk == to_user.pk:
        raise Invalid({"to_user": [_("Choose somebody else as the deputy.")]})
    if not to_user.is_active:
        raise Invalid({"to_user": [_("%(name)s may not sign in.") % {"name": to_user.name}]})
    if ends_at <= max(starts_at, now()):
        raise Invalid({"ends_at": [_("The end lies before the beginning or in the past.")]})
    if not from_user.grants.in_force(local_day(max(starts_at, now()))).filter(role=role).exists():
        raise Invalid({"role": [_("%(name)s does not hold this role then.") % {"name": from_user.name}]})
