"""Two entries for the same become one; nothing is deleted, and the one that was merged stays on old records."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts import access
from accounts.actions.checks import checked, refuse_merged
from accounts.actions.contacts import CLAUSE, Point, keep_points, make_contact_findable
from accounts.actions.customers import make_findable
from accounts.actors import Actor, local_day
from accounts.models import Contact, ContactPoint, Customer, RoleGrant
from accounts.queries import desk_grants
from base.clock import now
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


def merge_customer(gone: Customer, *, into: Customer, actor: Actor) -> Customer:
    """Let `into` go on in the place of `gone`, with its contacts; returns `into`.

    Whoever is service desk of `gone` is so until today. Raises `Invalid` for a customer and itself, and `NotPossible`
    where one was merged already. What was merged into `gone` before goes on to `into`, so that there are no chains.
    """
    with attempt(actor.signature(), action="merge_customer", stream=gone.stream, clause=CLAUSE) as tried:
        gone, into = lock_customers(gone, into)
        signature = tried.signature = actor.signature(access.require_merge_customers(actor, gone, into))
        refuse_merged(gone)
        refuse_merged(into)
        if gone.pk == into.pk:
            raise Invalid({"kept": [_("Choose another customer.")]})
        kept = _take_in(gone, into, signature)
        for grant in desk_grants(gone):
            _end_grant(grant, kept, signature)
        for one in [gone, *gone.merged.order_by("pk")]:
            _end_customer(one, kept, signature)
        return kept


def lock_customers(*customers: Customer) -> list[Customer]:
    """The customers as they stand, locked in one order for everybody, in the order given."""
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__in=[each.pk for each in customers])
    found = {each.pk: each for each in rows.select_related("department", "merged_into").order_by("pk")}
    return [found[each.pk] for each in customers]


def _take_in(gone: Customer, into: Customer, signature: Signature) -> Customer:
    for contact in gone.contacts.order_by("pk"):
        with step(
            Contact, contact.pk, version=None, signature=signature, action="move_contact", clause=CLAUSE
        ) as moved:
            moved.record.customer = into
    with step(Customer, into.pk, version=None, signature=signature, action="take_in_customer", clause=CLAUSE) as taken:
        taken.note(merged=gone.stream, name=gone.name)
        make_findable(taken.record)
    return taken.record


def _end_grant(grant: RoleGrant, kept: Customer, signature: Signature) -> None:
    """With today; one that has not begun yet ends with its first day, since none ends before it begins."""
    with step(RoleGrant, grant.pk, version=None, signature=signature, action="end_grant", clause="4.1") as taken:
        taken.record.ends_on = max(local_day(now()), taken.record.starts_on)
        taken.note(merged_into=kept.stream)


def _end_customer(gone: Customer, into: Customer, signature: Signature) -> None:
    with step(Customer, gone.pk, version=None, signature=signature, action="merge_customer", clause=CLAUSE) as taken:
        taken.record.merged_into, taken.record.in_service_scope = into, False
