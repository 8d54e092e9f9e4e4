"""What the pages of the review share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Role
from ledger.exceptions import NotPermitted


def require_auditor(actor: Actor) -> None:
    """Raise NotPermitted for everybody else."""
    if not actor.holds(Role.AUDITOR):
        raise NotPermitted(_("Only the service improvement group reviews records."), clause="6")
