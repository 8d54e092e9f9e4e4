"""Standing in for somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions.checks import checked, required
from accounts.actors import Actor, local_day
from accounts.models import Customer, Delegation, Department, User
from base.clock import now
from ledger.actions import attempt, create, step
from ledger.exceptions import Invalid, NotPermitted, NotPossible

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
        access.require_deputy(actor, from_user, to_user)
        required({"reason": reason})
        _refuse_circle(from_user, to_user, starts_at, ends_at)
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
        if lent.ends_at <= at or lent.declined_at is not None:
            raise NotPossible(_("This delegation has ended already."), clause=CLAUSE)
        lent.ends_at = max(at, lent.starts_at)
    return taken.record


def be_away(
    *, actor: Actor, roles: Sequence[str], to_user: User, starts_at: datetime, ends_at: datetime, reason: str
) -> list[Delegation]:
    """Name one deputy for several own roles at once, all or none, each as `delegate` does."""
    with attempt(actor.signature(), action="be_away", stream="delegation:new", clause=CLAUSE):
        if actor.user is None:
            raise NotPermitted(_("Sign in first."))
        if not roles:
            raise Invalid({"roles": [_("Choose at least one role.")]})
        return [
            delegate(
                actor=actor,
                role=role,
                from_user=actor.user,
                to_user=to_user,
                starts_at=starts_at,
                ends_at=ends_at,
                reason=reason,
            )
            for role in roles
        ]


def decline_delegation(delegation: Delegation, *, actor: Actor, version: int | None, reason: str) -> Delegation:
    """Say as the deputy that one does not stand in: it covers nothing from now on, and says why."""
    with step(
        Delegation,
        delegation.pk,
        version=version,
        signature=actor.signature(),
        action="decline_delegation",
        clause=CLAUSE,
    ) as taken:
        access.require_decline(actor, taken.record)
        required({"reason": reason})
        if taken.record.declined_at is not None or taken.record.ends_at <= now():
            raise NotPossible(_("This delegation has ended already."), clause=CLAUSE)
        taken.record.set(declined_at=now(), declined_reason=reason)
    return taken.record


def _refuse_circle(from_user: User, to_user: User, starts_at: datetime, ends_at: datetime) -> None:
    """Two who stand in for each other at one time are both away. Locks both, so that they see each other's entry."""
    list(User.objects.select_for_update().filter(pk__in=(from_user.pk, to_user.pk)).order_by("pk").values_list("pk"))
    back = Delegation.objects.filter(from_user=to_user, to_user=from_user, declined_at=None)
    if back.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        sentence = _("%(name)s is away at that time and counts on %(deputy)s. Choose another deputy.")
        raise Invalid({"to_user": [sentence % {"name": to_user.name, "deputy": from_user.name}]})


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
