"""What the list offers beside its lines: what it can be narrowed by, one's own views, and what somebody ticked."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.actors import Actor
from desk.models import SavedView
from desk.records.address import ListChoice
from incidents.access import declarations
from incidents.models import Declaration
from incidents.queries.customers import customers_in_sight, handlers_of
from procedure.queries import Rules

OPTIONS = 500


def choice_of(actor: Actor, book: Rules | None) -> ListChoice:
    """Customers in sight and their handlers, the first of them, and the leaves of the book; one statement."""
    customers, handlers = handlers_of(customers_in_sight(actor), OPTIONS)
    return ListChoice(customers, handlers, book.leaves if book else {})


def saved_views(actor: Actor) -> list[SavedView]:
    """The views that `actor` has saved, the first saved first; one statement by the unique index."""
    return list(SavedView.objects.filter(owner=actor.user)) if actor.user else []


def ticked(actor: Actor, keys: Iterable[int]) -> list[Declaration]:
    """Those of these records that `actor` may see, in the order of registration; one statement by the primary key."""
    found = declarations(actor).filter(pk__in=list(keys)).select_related("customer", "contract", "handler", "desk")
    return list(found.order_by("pk"))
