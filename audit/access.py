"""Who may review what: auditors, closed and ended records, never one in which they acted (R-6-1, R-6-4)."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor, Held
from accounts.models import Role, User
from accounts.queries import holders
from audit.models import Finding, Review
from audit.queries import REVIEWABLE
from incidents.access import declarations
from incidents.models import Declaration, HandlerChange, Handover, Report
from ledger.exceptions import NotPermitted, NotPossible
from ledger.models import Entry

NAMED = ("desk_id", "accepted_by_id", "relayed_by_id", "handler_id", "receiver_id", "closed_by_id", "filed_by_id")
# Rows of a record that name people who need not have written anything themselves.
NAMED_ON_ROWS = ((HandlerChange, "from_user"), (HandlerChange, "to_user"), (Handover, "receiver"), (Report, "to"))


def acted_in(user: User, declaration: Declaration) -> bool:
    """Whether this person is named on the record or stands in its trail, or in that of its problem; six statements."""
    if any(getattr(declaration, name) == user.pk for name in NAMED) or user.name in declaration.supporters:
        return True
    if any(row.objects.filter(declaration=declaration, **{name: user}).exists() for row, name in NAMED_ON_ROWS):
        return True
    streams = [declaration.stream, *(problem.stream for problem in declaration.problems.all())]
    return Entry.objects.filter(Q(actor=user.stream) | Q(on_behalf_of=user.stream), stream__in=streams).exists()


def reviews(actor: Actor) -> QuerySet[Review]:
    """Every review that `actor` may read: auditors all, others those with a finding of their own."""
    if actor.holds(Role.AUDITOR):
        return Review.objects.all()
    return Review.objects.filter(signed_at__isnull=False, findings__owner=actor.user).distinct()


def findings(actor: Actor) -> QuerySet[Finding]:
    """Every finding that `actor` may read: auditors all, others their own once the review is signed."""
    if actor.holds(Role.AUDITOR):
        return Finding.objects.all()
    return Finding.objects.filter(review__signed_at__isnull=False, owner=actor.user)


def require_review(actor: Actor, declaration: Declaration) -> Held:
    """The grant under which `actor` may review this record.

    Raises Declaration.DoesNotExist (invisible), NotPermitted (no auditor, or involved), NotPossible (still open).
    """
    if not declarations(actor).filter(pk=declaration.pk).exists():
        raise Declaration.DoesNotExist
    held = actor.holds(Role.AUDITOR)
    if held is None or actor.user is None:
        raise NotPermitted(_("Only the service improvement group reviews records."), clause="6")
    if declaration.state not in REVIEWABLE:
        raise NotPossible(_("A record is reviewed once it is closed or has ended."), clause="6")
    if acted_in(actor.user, declaration):
        raise NotPermitted(
            _("You acted in this record, so somebody else reviews it: %(names)s.")
            % {"names": _others(actor.user, declaration)},
            clause="6",
        )
    return held


def _others(user: User, declaration: Declaration) -> str:
    able = [person.name for person in holders(Role.AUDITOR) if person != user and not acted_in(person, declaration)]
    return _(", ").join(able) or _("nobody else holds this role yet")
