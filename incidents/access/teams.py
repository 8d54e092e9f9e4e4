"""Whose work is shown to whom as that of a team: a department's to its desks and heads."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Role
from incidents.access.standing import DESK_ROLES
from ledger.exceptions import NotPermitted


def departments_of_team(actor: Actor) -> frozenset[int]:
    """The departments whose work is shown to the actor; none for everybody else. No query."""
    found = actor.departments(Role.DEPARTMENT_HEAD, Role.DUTY_DESK)
    if actor.user is not None and any(held.role in DESK_ROLES for held in actor.grants):
        found |= {actor.user.department_id}
    return found


def require_team(actor: Actor) -> frozenset[int]:
    """The same; raises `NotPermitted` where there is none."""
    found = departments_of_team(actor)
    if not found:
        raise NotPermitted(_("The team is shown to desks and to heads of department."), clause="4.1")
    return found
