"""Giving, ending and lending roles."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import access
from accounts.actions.administrators import administrator_stays
from accounts.actions.checks import checked, refuse_merged, required
from accounts.actions.departments import refuse_ended
from accounts.actors import Actor, local_day
from accounts.models import Customer, Department, Role, RoleGrant, User
from accounts.models.grants import FOR_A_CUSTOMER, FOR_A_DEPARTMENT
from base.clock import now
from ledger.actions import attempt, create, step
from ledger.exceptions import Invalid, NotPossible

CLAUSE = "4.1"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """A role, and what it is held for."""

    role: str
    department: Department | None = None
    customer: Customer | None = None


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
    with attempt(actor.signature(), action="grant_role", stream="grant:new", clause=CLAUSE) as tried:
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
        if not user.is_active:
            sentence = _("%(name)s may not sign in, so no role can be given.")
            raise Invalid({"successor": [sentence % {"name": user.name}]})
        if customer is not None:
            refuse_merged(customer, clause=CLAUSE)
        refuse_ended(department, until=grant.ends_on)
        _refuse_second_holder(grant)
        checked(grant)
        with create(grant, signature=tried.signature, action="grant_role", clause=CLAUSE):
            return grant


def grant_roles(
    *,
    actor: Actor,
    user: User,
    scopes: Iterable[Scope],
    reason: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> list[RoleGrant]:
    """Give several roles at once, all or none, each as `grant_role` does."""
    with attempt(actor.signature(), action="grant_roles", stream="grant:new", clause=CLAUSE):
        days = {"starts_on": starts_on, "ends_on": ends_on}
        return [
            grant_role(
                actor=actor,
                user=user,
                role=scope.role,
                department=scope.department,
                customer=scope.customer,
                reason=reason,
                **days,
            )
            for scope in scopes
        ]


def end_grant(grant: RoleGrant, *, actor: Actor, version: int | None, on: date | None = None) -> RoleGrant:
    """End a role with that day (default today), which still belongs to it; never that of the last administrator."""
    with (
        attempt(actor.signature(), action="end_grant", stream=grant.stream, clause=CLAUSE) as tried,
        administrator_stays() if grant.role == Role.ADMINISTRATOR else nullcontext(),
        step(
            RoleGrant, grant.pk, version=version, signature=actor.signature(), action="end_grant", clause=CLAUSE
        ) as taken,
    ):
        tried.signature = taken.signature = actor.signature(access.require_grant_roles(actor, taken.record.user))
        _end(taken.record, on or local_day(now()))
    return taken.record


def give_to_successor(
    grant: RoleGrant, *, actor: Actor, version: int | None, successor: User, reason: str, starts_on: date | None = None
) -> RoleGrant:
    """Give a standing role to somebody else from that day on (default today); it ends for its holder the day before.

    The new grant, which comes back, has the same role and scope, and the end that the old one had.
    """
    first = starts_on or local_day(now())
    with (
        attempt(actor.signature(), action="give_to_successor", stream=grant.stream, clause=CLAUSE),
        administrator_stays() if grant.role == Role.ADMINISTRATOR else nullcontext(),
    ):
        if successor.pk == grant.user_id:
            raise Invalid({"successor": [_("Choose somebody else as the successor.")]})
        ends_on = grant.ends_on
        with step(
            RoleGrant, grant.pk, version=version, signature=actor.signature(), action="end_grant", clause=CLAUSE
        ) as taken:
            taken.signature = actor.signature(access.require_grant_roles(actor, taken.record.user))
            _end(taken.record, first - DAY, field="starts_on")
            taken.note(successor=successor.stream)
        return grant_alike(grant, actor=actor, user=successor, reason=reason, starts_on=first, ends_on=ends_on)


def grant_alike(
    grant: RoleGrant, *, actor: Actor, user: User, reason: str, starts_on: date, ends_on: date | None
) -> RoleGrant:
    """Give somebody the same role in the same scope for those days, as `grant_role` does."""
    return grant_role(
        actor=actor,
        user=user,
        role=grant.role,
        department=grant.department,
        customer=grant.customer,
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _end(grant: RoleGrant, last: date, *, field: str = "ends_on") -> None:
    if grant.ends_on is not None and grant.ends_on <= last:
        raise NotPossible(_("This role ends on %(day)s already.") % {"day": grant.ends_on}, clause=CLAUSE)
    if last < grant.starts_on:
        raise Invalid({field: [_("A role cannot end before it begins, on %(day)s.") % {"day": grant.starts_on}]})
    grant.ends_on = last


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
            clause=CLAUSE,
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
