"""Giving, ending and lending roles."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions.checks import checked, required
from accounts.actions.departments import refuse_ended
from accounts.actors import Actor, local_day
from accounts.models import Customer, Delegation, Department, Qualification, Role, RoleGrant, User
from accounts.models.grants import FOR_A_CUSTOMER, FOR_A_DEPARTMENT
from base.clock import now
from ledger.actions import attempt, create, step
from ledger.exceptions import Invalid, NotPossible


def grant_role(
    *,
    actor: Actor,
    user: User,
    role: str,
    reason: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    department: Department | None = None,
    customer: Customer | None = None,
) -> RoleGrant:
    """Give somebody a role from a day on (default today), for a department or a customer where the role needs one.

    A customer has one desk and a department one head, custodian and duty desk at a time: a second is refused.
    """
    with attempt(actor.signature(), action="grant_role", stream="grant:new", clause="4.1") as tried:
        tried.signature = actor.signature(access.require_grant_roles(actor, user))
        required({"reason": reason})
        grant = RoleGrant(
            user=user,
            role=role,
            department=department,
            customer=customer,
            starts_on=starts_on or local_day(now()),
            ends_on=ends_on,
            reason=reason,
            granted_by=actor.user,
        )
        _refuse_wrong_scope(grant)
        refuse_ended(department, until=grant.ends_on)
        _refuse_second_holder(grant)
        checked(grant)
        with create(grant, signature=tried.signature, action="grant_role", clause="4.1"):
            return grant


def end_grant(grant: RoleGrant, *, actor: Actor, version: int | None, on: date | None = None) -> RoleGrant:
    """End a role with that day (default today), which still belongs to it."""
    with step(
        RoleGrant, grant.pk, version=version, signature=actor.signature(), action="end_grant", clause="4.1"
    ) as taken:
        taken.signature = actor.signature(access.require_grant_roles(actor, taken.record.user))
        last = on or local_day(now())
        if taken.record.ends_on is not None and taken.record.ends_on <= last:
            raise NotPossible(_("This role ends on %(day)s already.") % {"day": taken.record.ends_on}, clause="4.1")
        if last < taken.record.starts_on:
            raise Invalid({"ends_on": [_("A role cannot end before it begins.")]})
        taken.record.ends_on = last
    return taken.record


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
    with attempt(actor.signature(), action="delegate", stream="delegation:new", clause="4.1") as tried:
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
        with create(lent, signature=tried.signature, action="delegate", clause="4.1"):
            return lent


def end_delegation(delegation: Delegation, *, actor: Actor, version: int | None) -> Delegation:
    """Take a delegation back at once; one that has not begun never begins."""
    with step(
        Delegation, delegation.pk, version=version, signature=actor.signature(), action="end_delegation", clause="4.1"
    ) as taken:
        lent, at = taken.record, now()
        taken.signature = actor.signature(access.require_delegate(actor, lent.from_user, lent.role))
        if lent.ends_at <= at:
            raise NotPossible(_("This delegation has ended already."), clause="4.1")
        lent.ends_at = max(at, lent.starts_at)
    return taken.record


def record_qualification(
    *, actor: Actor, user: User, kind: str, evidence: str, obtained_on: date, expires_on: date | None = None
) -> Qualification:
    """Keep a proof of skill (R-8-1, R-8-2)."""
    with attempt(actor.signature(), action="record_qualification", stream="qualification:new", clause="8") as tried:
        tried.signature = actor.signature(access.require_administer(actor))
        proof = Qualification(user=user, kind=kind, evidence=evidence, obtained_on=obtained_on, expires_on=expires_on)
        checked(proof)
        with create(proof, signature=tried.signature, action="record_qualification", clause="8"):
            return proof


def _refuse_wrong_scope(grant: RoleGrant) -> None:
    if grant.role not in Role.values:
        raise Invalid({"role": [_("Choose one of the roles.")]})
    if grant.role in FOR_A_CUSTOMER and grant.customer is None:
        raise Invalid({"customer": [_("This role is held for a customer. Choose one.")]})
    if grant.role in FOR_A_DEPARTMENT and grant.department is None:
        raise Invalid({"department": [_("This role is held for a department. Choose one.")]})


def _refuse_second_holder(grant: RoleGrant) -> None:
    for scope in (grant.customer, grant.department):
        if scope is not None:
            type(scope)._base_manager.select_for_update().get(pk=scope.pk)
    other = _overlapping(grant).select_related("user").first()
    if other is not None:
        raise NotPossible(
            _("%(name)s holds this role. End that grant first, then give it to somebody else.")
            % {"name": other.user.name},
            clause="4.1",
        )


def _overlapping(grant: RoleGrant) -> QuerySet[RoleGrant]:
    """Grants that leave no room: of another holder where there may be one only, else of the same person."""
    same = RoleGrant.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=grant.starts_on),
        role=grant.role,
        department=grant.department,
        customer=grant.customer,
        user__is_active=True,
    )
    if grant.ends_on is not None:
        same = same.filter(starts_on__lte=grant.ends_on)
    if grant.role in (*FOR_A_CUSTOMER, *FOR_A_DEPARTMENT):
        return same
    return same.filter(user=grant.user)


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
