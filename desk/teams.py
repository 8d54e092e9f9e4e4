"""Whose team somebody sees, and the two parts of my desk: a head the own departments, a desk its own."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Role
from incidents.access import DESK_ROLES
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


def tabs(current: str) -> list[dict[str, Any]]:
    """My desk and the team, side by side."""
    items = (("desk", _("My desk")), ("team", _("Team")))
    return [{"label": label, "url": reverse(key), "count": None, "current": key == current} for key, label in items]
