"""Who is calling."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import (
    BooleanField,
    Case,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import StrIndex

from accounts.models import Contact, ContactPoint, Customer, User
from base.among import Among
from base.phones import candidates, numbers
from base.text import fold
from search.queries import matching

FEWEST_SIGNS = 2


def staff_reached_by(*means: str) -> User | None:
    """Who of our own staff is reached by one of these numbers or addresses; one query, none for empty ones.

    A walk over the accounts, which are few; asked only for callers of no customer.
    """
    given = [each.strip() for each in means if each.strip()]
    if not given:
        return None
    phones = [number for each in given for number in candidates(each)]
    by_mail = reduce(or_, (Q(email__iexact=each) for each in given))
    return User.objects.filter(Q(mobile__in=phones) | by_mail, is_active=True).order_by("employee_number").first()


def find_contacts(
    text: str, *, own: QuerySet[Customer] | None = None, others: bool = True, limit: int = 8
) -> list[Contact]:
    """Contacts whose number holds what was typed or shown (3 digits or more), or whose name or company does (2 signs).

    Those at `own` customers stand first, and with `others` false alone; then numbers that begin so. Text and numbers
    are compared as `base.text.fold` and `base.phones.numbers` have them. Each comes with customer and department. One
    statement: names by the search index, digits by one pass over the active contacts and their further numbers, since
    no index serves a middle part (with 20,000 of them 15 ms on SQLite, 0.1 s on PostgreSQL).
    """
    fits = _fits(text)
    if not fits:
        return []
    contacts = Contact.objects.filter(reduce(or_, fits), is_active=True)
    contacts = contacts.select_related("customer", "customer__department")
    if own is not None:
        at_own = Q(customer__in=own.order_by().values("pk"))
        contacts = contacts.annotate(is_own=ExpressionWrapper(at_own, output_field=BooleanField()))
        contacts = contacts.order_by("-is_own") if others else contacts.filter(at_own)
    found = contacts.annotate(place=_place(numbers(text)))
    order = [*found.query.order_by, F("place").asc(nulls_last=True), "customer__code", "code"]
    return list(found.order_by(*order)[:limit])


def _fits(text: str) -> list[Q]:
    fits = [has_number(number) for number in numbers(text)]
    keys = matching(Contact.stream_kind, text) if len("".join(fold(text).split())) >= FEWEST_SIGNS else None
    return fits if keys is None else [*fits, Q(pk__in=keys)]


def has_number(digits: str) -> Q:
    """Contacts of whose numbers one holds these digits: their own two, and the further ones."""
    further = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, digits__contains=digits)
    return Q(digits__contains=digits) | Q(Among("pk", further.order_by().values("contact")))


def reached_by(kept: Iterable[str]) -> Q:
    """Contacts who have exactly one of these numbers, as `base.phones.normalised` writes them."""
    written = list(kept)
    further = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value__in=written)
    own = Q(mobile__in=written) | Q(phone__in=written)
    return own | Q(Among("pk", further.order_by().values("contact")))


def _place(sought: Iterable[str]) -> Case:
    """Where in the digits of the contact the sought number begins."""
    places = (When(digits__contains=number, then=StrIndex("digits", Value(number))) for number in sought)
    return Case(*places, output_field=IntegerField())


def contacts_of(customer: Customer) -> list[Contact]:
    """The customer's active contacts, those who may confirm first; one query by `contact_customer`."""
    return list(customer.contacts.filter(is_active=True).order_by("-may_confirm", "code"))
