"""What a reader of the list can narrow it by."""

from __future__ import annotations

from accounts.acting import Actor
from incidents.queries.customers import customers_in_sight, handlers_of
from portal.listing.address import Choice
from procedure.queries import Rules

OPTIONS = 500


def choice_of(actor: Actor, book: Rules | None) -> Choice:
    """Customers in sight and their handlers, the first of them, and the leaves of the book; one statement."""
    customers, handlers = handlers_of(customers_in_sight(actor), OPTIONS)
    return Choice(customers, handlers, book.leaves if book else {})
