"""The list of records: views, filters, search, order, and pages that stay put while records change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.actors import CHINA, Actor, local_day
from accounts.models import Contact, Role
from accounts.queries import has_number
from base.clock import now
from base.paging import Order, Page, page
from base.phones import is_number, numbers
from base.sql import compiled
from incidents.access import declarations, handed_to
from incidents.models import OPEN_STATES, Declaration, State, Watch
from incidents.queries.counting import bounded_counts
from search.queries import matching

FEWEST_DIGITS = 4
OPEN = sorted(OPEN_STATES)
# What a line shows; the long texts stay in the database.
SHOWN = (
    "number",
    "subject",
    "state",
    "type",
    "priority",
    "restricted",
    "caller_company",
    "caller_name",
    "received_at",
    "customer__name",
    "handler__name",
    "desk__name",
    "shown_clock_id",
    "shown_due_at",
)
# Long texts that no line of a list shows, for whoever reads the rest of the row.
UNSHOWN = ("body", "other_demands", "verbatim", "request_reason", "request_result", "cause", "solution", "category_gap")

SORTS: dict[str, Order] = {
    # By the time left that a line shows; what stands, has ended or is not timed comes last.
    "due": Order("shown_due_at", nullable=True, empty_last=True),
    "received": Order("received_at", descending=True),
    # Numbers are given in the order of registration, and past 999 a day they no longer sort as text.
    "number": Order(descending=True),
    "level": Order("priority", nullable=True),
}
View = Callable[[Actor], Q]


def _mine(actor: Actor) -> Q:
    person = actor.user.pk if actor.user else None
    own = Q(handler=person) | Q(desk=person) | Q(customer__in=actor.customers(Role.SERVICE_DESK))
    return (own | handed_to(actor) | Q(relayed_by=person)) & Q(state__in=OPEN)


VIEWS: dict[str, View] = {
    "open": lambda actor: Q(state__in=OPEN),
    "mine": _mine,
    "late": lambda actor: Q(state__in=OPEN, shown_due_at__lte=now()),
    "confirm": lambda actor: Q(state=State.RESOLVED),
    "week": lambda actor: Q(received_at__gte=now() - timedelta(days=7)),
    "watched": lambda actor: Q(pk__in=Watch.objects.filter(user=actor.user).values("declaration")),
    "filing": lambda actor: Q(state=State.CLOSED),
    "all": lambda actor: Q(),
}


@dataclass(frozen=True)
class ListQuery:
    """What the reader wants to see; unknown views, sorts and cursors count as not given.

    `received_days` of 1 is today in China, 7 today and the six days before.
    """

    view: str = "open"
    q: str = ""
    states: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    types: tuple[str, ...] = ()
    customers: tuple[int, ...] = ()
    handlers: tuple[int, ...] = ()
    leaves: tuple[str, ...] = ()
    department: int | None = None
    received_days: int | None = None
    sort: str = "due"
    cursor: str = ""


def listed(actor: Actor, query: ListQuery) -> Page[Declaration]:
    """One page of what `actor` may see; one statement, by the index of its order."""
    shown = Declaration.objects.only(*SHOWN).select_related("customer", "handler", "desk")
    return page(narrowed(actor, query), SORTS.get(query.sort, SORTS["due"]), query.cursor, shown=shown)


def counts(actor: Actor, query: ListQuery, saved: Mapping[str, ListQuery] | None = None) -> dict[str, int]:
    """How many records stand in each view, by their own keys in the `saved` ones, and under "asked" how many were
    asked for, up to 1,001 each; one statement.
    """
    visible = declarations(actor)
    queries = {name: visible.filter(view(actor)) for name, view in VIEWS.items() if name != "all"}
    own = {key: narrowed(actor, each) for key, each in (saved or {}).items()}
    return bounded_counts({**queries, **own, "asked": narrowed(actor, query)})


def search_condition(text: str) -> Q:
    """The records that hold all words of `text`: number (also its beginning), subject, company, caller, text, phone."""
    number = text.strip().upper()
    if _is_number(number):
        return Q(number=number)
    keys = matching("declaration", text)
    if keys is None:
        return Q(pk__in=[])
    return Q(pk__in=_with_phone(keys, text))


def _is_number(text: str) -> bool:
    kind, _dash, rest = text.partition("-")
    day, _dash, count = rest.partition("-")
    return kind == "SD" and len(day) == 8 and len(count) >= 3 and (day + count).isdecimal()


def _with_phone(keys: RawSQL, text: str) -> RawSQL:
    """Also the records whose contact has a number with these digits; the index holds only the numbers called from."""
    sought = [number for number in numbers(text) if len(number) >= FEWEST_DIGITS] if is_number(text) else []
    if not sought:
        return keys
    holds = [has_number(number) for number in sought]
    contacts = Contact.objects.filter(reduce(or_, holds)).order_by().values("pk")
    called = Declaration.objects.filter(contact__in=contacts).order_by().values("pk")
    sql, values = compiled(called)
    return RawSQL(f"{keys.sql} UNION {sql}", [*keys.params, *values])  # noqa: S611 compiled by the ORM


def narrowed(actor: Actor, query: ListQuery) -> QuerySet[Declaration]:
    """Everything that was asked for of what `actor` may see, without order."""
    found = declarations(actor).filter(VIEWS.get(query.view, VIEWS["open"])(actor))
    wanted = {
        "state__in": query.states,
        "priority__in": query.levels,
        "type__in": query.types,
        "customer__in": query.customers,
        "handler__in": query.handlers,
        "leaf__in": query.leaves,
    }
    found = found.filter(**{name: values for name, values in wanted.items() if values})
    if query.department is not None:
        found = found.filter(department=query.department)
    if query.received_days is not None:
        first = local_day(now()) - timedelta(days=query.received_days - 1)
        found = found.filter(received_at__gte=datetime.combine(first, time.min, tzinfo=CHINA))
    return found.filter(search_condition(query.q)) if query.q.strip() else found
