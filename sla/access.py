"""Who may read and change calendars. `to_…` gives the grant that entitles (None for the system) or raises
`NotPermitted`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.acting import Actor, Held
from accounts.models import Role
from ledger.exceptions import NotPermitted, Sentence

CALENDAR_READERS = (Role.ADMINISTRATOR, Role.DOCUMENT_OWNER, Role.DEPARTMENT_HEAD)


def may_read_calendars(actor: Actor) -> bool:
    """Administrators keep them, the document owner and the heads look at them."""
    return any(actor.holds(role) for role in CALENDAR_READERS)


def may_keep_calendars(actor: Actor) -> bool:
    """Calendars belong to the whole firm, so only an administrator changes them."""
    return actor.is_system or actor.holds(Role.ADMINISTRATOR) is not None


def to_read_calendars(actor: Actor) -> None:
    """Raise `NotPermitted` unless calendars are shown to the person."""
    if not may_read_calendars(actor):
        raise NotPermitted(_("Calendars are shown to administrators, the document owner and heads of department."))


def to_keep_calendars(actor: Actor) -> Held | None:
    """The administrator's grant."""
    held = actor.holds(Role.ADMINISTRATOR)
    return _entitled(actor, held, _("Only an administrator may change a calendar."))


def _entitled(actor: Actor, held: Held | None, sentence: Sentence) -> Held | None:
    if held is None and not actor.is_system:
        raise NotPermitted(sentence, clause="5.4.3")
    return held
