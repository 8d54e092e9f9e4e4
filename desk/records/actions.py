"""What the pages themselves write: one's own views of the list, and that records left as a file."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, local_day
from accounts.models import User
from base.clock import now
from desk.models import SavedView
from ledger.actions import append
from ledger.exceptions import Invalid, NotPermitted
from ledger.models import Entry


def save_view(*, actor: Actor, name: str, query: str) -> SavedView:
    """Keep a view of the list under a name of one's own; the same name again replaces it. No record is touched."""
    owner, name = _owner(actor), " ".join(name.replace("\x00", " ").split())
    with transaction.atomic():
        others = SavedView.objects.select_for_update().filter(owner=owner).exclude(name=name)
        problem = _naming_problem(name, others.count())
        if problem:
            raise Invalid({"name": [problem]})
        view, _made = SavedView.objects.update_or_create(owner=owner, name=name, defaults={"query": query})
    return view


def forget_view(*, actor: Actor, key: int) -> None:
    """Drop one of one's own views; that of somebody else, or none, is left alone."""
    SavedView.objects.filter(owner=_owner(actor), pk=key).delete()


def record_export(*, actor: Actor, query: str, kind: str, count: int) -> Entry:
    """Write into the day's log of exports who took how many records out by which filter."""
    return append(
        f"exports:{local_day(now())}",
        signature=actor.signature(),
        action="export_records",
        clause="DC",
        payload={"facts": {"query": query, "format": kind, "count": count}},
    )


def _owner(actor: Actor) -> User:
    if actor.user is None:
        raise NotPermitted(_("Views are kept for staff who are signed in."))
    return actor.user


def _naming_problem(name: str, others: int) -> str | None:
    if not name:
        return _("Give the view a name.")
    if len(name) > 30:
        return _("A name of a view has at most 30 characters.")
    if others >= SavedView.MOST:
        return _("You have %(most)d views; drop one first.") % {"most": SavedView.MOST}
    return None
