"""Who may review what: auditors, closed and ended records, never one in which they acted (R-6-1, R-6-4)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.acting import Actor, Held
from accounts.models import Role, User
from accounts.queries import holders
from audit.queries import REVIEWABLE
from incidents.access import declarations
from incidents.models import Declaration
from ledger.exceptions import NotPermitted, NotPossible
from ledger.models import Entry

NAMED = ("desk_id", "accepted_by_id", "relayed_by_id", "handler_id", "receiver_id", "closed_by_id", "filed_by_id")


def acted_in(user: User, declaration: Declaration) -> bool:
    """Whether this person is named on the record or stands in its trail, or in that of its problem."""
    if any(getattr(declaration, name) == user.pk for name in NAMED):
        return True
    streams = [declaration.stream, *(problem.stream for problem in declaration.problems.all())]
    return Entry.objects.filter(Q(actor=user.stream) | Q(on_behalf_of=user.stream), stream__in=streams).exists()


def permit_review(actor: Actor, declaration: Declaration) -> Held:
    """The grant under which `actor` may review this record.

    Raises Declaration.DoesNotExist (invisible), NotPermitted (no auditor, or involved), NotPossible (still open).
    """
    held = actor.holds(Role.AUDITOR)
    if held is None:
        if not declarations(actor).filter(pk=declaration.pk).exists():
            raise Declaration.DoesNotExist
        raise NotPermitted(_("Only the service improvement group reviews records."), clause="6")
    assert actor.user is not None
    if declaration.state not in REVIEWABLE:
        raise NotPossible(_("A record is reviewed once it is closed or has ended."), clause="6")
    if acted_in(actor.user, declaration):
        others = [person.name for person in holders(Role.AUDITOR) if person != actor.user]
        raise NotPermitted(
            _("You acted in this record, so somebody else reviews it: %(names)s.")
            % {"names": "、".join(others) or _("nobody else holds this role yet")},
            clause="6",
        )
    return held
