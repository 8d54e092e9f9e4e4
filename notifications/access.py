"""Who may set where messages go, and see what was not delivered: administrators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Held
from accounts.models import Role
from ledger.exceptions import NotPermitted


def may_keep_channels(actor: Actor) -> bool:
    """Whether robots, dead letters and kept mails are shown to the person."""
    return actor.holds(Role.ADMINISTRATOR) is not None


def require_keep_channels(actor: Actor) -> Held:
    """The grant that entitles; raises `NotPermitted`."""
    held = actor.holds(Role.ADMINISTRATOR)
    if held is None:
        raise NotPermitted(_("Only an administrator may do this."))
    return held
