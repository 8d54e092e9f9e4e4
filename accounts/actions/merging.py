"""Two entries for one person become one; nothing is deleted, and whoever was merged stays on old records."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts import access
from accounts.actions.checks import checked, refuse_merged
from accounts.actions.contacts import CLAUSE, Point, keep_points, make_contact_findable
from accounts.actors import Actor
from accounts.models import Contact, ContactPoint
from ledger.actions import attempt, step
from ledger.exceptions import Invalid, NotPossible, Sentence
from ledger.signature import Signature

# What the one that stays takes over where it has nothing of its own.
TAKEN_OVER = ("title", "mobile", "phone", "email", "language")


def merge_contact(gone: Contact, *, into: Contact, actor: Actor) -> Contact:
    """Let `into` go on in the place of `gone`, with all numbers and addresses of both; returns `into`.

    The right to confirm goes over too. Raises `Invalid` for two who are not one person's, and `NotPossible` where one
    was merged already. Whoever was merged into `gone` before goes on to `into`, so that there are no chains.
    """
    with attempt(actor.signature(), action="merge_contact", stream=gone.stream, clause=CLAUSE) as tried:
        gone, into = lock_contacts(gone, into)
        signature = tried.signature = actor.signature(access.require_merge_contacts(actor, gone, into))
        _refuse_unlike(gone, into)
        kept = _take_over(gone, into, signature)
        for one in [gone, *gone.merged.order_by("pk")]:
            _end(one, kept, signature)
        return kept


def lock_contacts(*contacts: Contact) -> list[Contact]:
    """The contacts as they stand, locked in one order for everybody, in the order given."""
    rows = Contact.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in contacts])
    found = {each.pk: each for each in rows.select_related("customer__department", "merged_into").order_by("pk")}
    return [found[each.pk] for each in contacts]


def _refuse_unlike(gone: Contact, into: Contact) -> None:
    refuse_merged(gone)
    refuse_merged(into)
    problem: Sentence | None = None
    if gone.pk == into.pk:
        problem = _("Choose two different contacts.")
    elif gone.customer_id != into.customer_id:
        problem = _("They belong to two customers. Merge the customers first.")
    if problem is not None:
        raise Invalid({"kept": [problem]})
    if not into.is_active:
        raise NotPossible(_("%(name)s has left. Let the one who is still there stay.") % {"name": into.name})


def _take_over(gone: Contact, into: Contact, signature: Signature) -> Contact:
    with step(Contact, into.pk, version=None, signature=signature, action="take_in_contact", clause=CLAUSE) as taken:
        kept = taken.record
        for name in TAKEN_OVER:
            setattr(kept, name, getattr(kept, name) or getattr(gone, name))
        kept.may_confirm = kept.may_confirm or gone.may_confirm
        checked(kept)
        taken.note(merged=gone.stream, name=gone.name)
        keep_points(taken, [*_points(kept), *_all_points(gone)])
        make_contact_findable(kept)
    return kept


def _end(gone: Contact, into: Contact, signature: Signature) -> None:
    with step(Contact, gone.pk, version=None, signature=signature, action="merge_contact", clause=CLAUSE) as taken:
        taken.record.merged_into, taken.record.is_active = into, False


def _points(contact: Contact) -> Iterator[Point]:
    return (Point(row.kind, row.value, row.note) for row in contact.points.all())


def _all_points(contact: Contact) -> Iterator[Point]:
    """Also those that stand on the contact itself."""
    own = ((ContactPoint.Kind.PHONE, contact.mobile), (ContactPoint.Kind.PHONE, contact.phone))
    for kind, value in (*own, (ContactPoint.Kind.EMAIL, contact.email)):
        if value:
            yield Point(kind, value)
    yield from _points(contact)
