"""Who sees what the desk still lacks, and who confirms what only a person can know."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Held
from accounts.models import Role
from ledger.exceptions import NotPermitted


def may_see_setup(actor: Actor) -> bool:
    """Administrators see all of it, heads what is missing in their department."""
    return any(actor.holds(role) for role in (Role.ADMINISTRATOR, Role.DEPARTMENT_HEAD))


def require_see_setup(actor: Actor) -> None:
    """Raise `NotPermitted` for whoever keeps no part of it."""
    if not may_see_setup(actor):
        raise NotPermitted(_("What the desk still lacks is shown to administrators and heads of department."))


def departments_shown(actor: Actor) -> frozenset[int] | None:
    """The departments of which a head sees what is missing; None for those who see the whole firm."""
    if actor.is_system or actor.holds(Role.ADMINISTRATOR):
        return None
    return actor.departments(Role.DEPARTMENT_HEAD)


def may_keep_procedure(actor: Actor) -> bool:
    """Whether the person puts the document in the firm's own words."""
    return actor.holds(Role.DOCUMENT_OWNER) is not None


def require_keep_procedure(actor: Actor) -> Held:
    """The document owner's grant; raises `NotPermitted`."""
    held = actor.holds(Role.DOCUMENT_OWNER)
    if held is None:
        raise NotPermitted(_("Only the document owner changes the procedure."), clause="DC")
    return held


def may_confirm_operation(actor: Actor) -> bool:
    """Whether the person may say that backups are made and the like."""
    return actor.holds(Role.ADMINISTRATOR) is not None


def require_confirm_operation(actor: Actor) -> Held:
    """The administrator's grant; raises `NotPermitted`."""
    held = actor.holds(Role.ADMINISTRATOR)
    if held is None:
        raise NotPermitted(_("Only an administrator may confirm this."))
    return held
