"""The list of records: views, filters, search, order, and pages that stay put while records change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import DateTimeField, Q, QuerySet

from accounts.actors import CHINA, Actor, local_day
from accounts.models import Role
from base.clock import now
from base.compiled import CompiledRecords, Parameter, with_values
from base.paging import Order, Page, first_page, first_rows
from incidents.access import AT, actor_like, declarations, handed_to, visible, who
from incidents.models import OPEN_STATES, Declaration, State, Watch
from incidents.queries.counting import Keys, counted, first, together
from incidents.queries.searching import Search

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
# At a moment, with the one a week before it.
View = Callable[[Actor, "datetime | Parameter", "datetime | Parameter"], Q]
WEEK = timedelta(days=7)
A_WEEK_BEFORE = Parameter("week", DateTimeField())


def _mine(actor: Actor) -> Q:
    person = actor.user.pk if actor.user else None
    own = Q(handler=person) | Q(desk=person) | Q(customer__in=actor.customers(Role.SERVICE_DESK))
    return (own | handed_to(actor) | Q(relayed_by=person)) & Q(state__in=OPEN)


def _watched(actor: Actor) -> Q:
    person = actor.user.pk if actor.user else None
    return Q(pk__in=Watch.objects.filter(user=person).values("declaration"))


VIEWS: dict[str, View] = {
    "open": lambda actor, at, week: Q(state__in=OPEN),
    "mine": lambda actor, at, week: _mine(actor),
    "late": lambda actor, at, week: Q(state__in=OPEN, shown_due_at__lte=at),
    "confirm": lambda actor, at, week: Q(state=State.RESOLVED),
    "week": lambda actor, at, week: Q(received_at__gte=week),
    "watched": lambda actor, at, week: _watched(actor),
    "filing": lambda actor, at, week: Q(state=State.CLOSED),
    "all": lambda actor, at, week: Q(),
}
# What is in the navigation of the list with its number.
COUNTED = tuple(name for name in VIEWS if name != "all")


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

    @property
    def is_view(self) -> bool:
        """Whether nothing narrows it but its view."""
        return replace(self, sort="", cursor="") == ListQuery(view=self.view, sort="")


def listed(actor: Actor, query: ListQuery, search: Search | None = None) -> Page[Declaration]:
    """One page of what `actor` may see, by the index of its order; one statement, and what a search for words takes.

    The search may be given, so that page and counts look only once.
    """
    sort = query.sort if query.sort in SORTS else "due"
    if query.is_view and not query.cursor and query.view in VIEWS:
        at = now()
        rows = _first_of(query.view, sort, *who(actor)).found(at=at, week=at - WEEK)
        return first_page(rows, SORTS[sort])
    return (search or searched(actor, query)).page(SORTS[sort], query.cursor, _shown())


def _shown() -> QuerySet[Declaration]:
    return Declaration.objects.only(*SHOWN).select_related("customer", "handler", "desk")


@lru_cache(maxsize=2048)
def _first_of(view: str, sort: str, *whose: Any) -> CompiledRecords[Declaration]:
    """The first page of a view, which nearly everybody asks for; kept as the counts are."""
    return CompiledRecords(lambda: first_rows(_view(view, *whose), SORTS[sort], shown=_shown()))


def counts(
    actor: Actor, query: ListQuery, saved: Mapping[str, ListQuery] | None = None, search: Search | None = None
) -> dict[str, int]:
    """How many records stand in each view, by their own keys in the `saved` ones, and under "asked" how many were
    asked for, up to 1,001 each; one statement, and one for each search for words that is not given.
    """
    searches = {key: searched(actor, each) for key, each in (saved or {}).items()}
    if not query.is_view or query.view not in COUNTED:
        searches["asked"] = search or searched(actor, query)
    further = [each.counting() for each in searches.values()]
    sql, values = together([*_views_of(*who(actor)), *further])
    at = now()
    found = counted([*COUNTED, *searches], sql, with_values(values, at=at, week=at - WEEK))
    told = {name: searches[name].settled(count) if name in searches else count for name, count in found.items()}
    return {"asked": told.get(query.view, 0), **told}


@lru_cache(maxsize=512)
def _views_of(*whose: Any) -> list[Keys]:
    """The views of whoever has these roles, to be counted; put together once, which takes longer than to count."""
    return [first(_view(name, *whose)) for name in COUNTED]


def _view(name: str, *whose: Any) -> QuerySet[Declaration]:
    actor = actor_like(*whose)
    return Declaration.objects.filter(visible(actor, AT)).filter(VIEWS[name](actor, AT, A_WEEK_BEFORE))


def searched(actor: Actor, query: ListQuery) -> Search:
    """What was asked for of what `actor` may see; no statement yet."""
    return Search(query.q, narrowed_but_words(actor, query))


def narrowed(actor: Actor, query: ListQuery) -> QuerySet[Declaration]:
    """The same without order, as a query; one statement where it searches for words."""
    return searched(actor, query).narrowed


def narrowed_but_words(actor: Actor, query: ListQuery) -> QuerySet[Declaration]:
    """All of it but the words that are searched for."""
    at = now()
    found = declarations(actor).filter(VIEWS.get(query.view, VIEWS["open"])(actor, at, at - WEEK))
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
        since = local_day(at) - timedelta(days=query.received_days - 1)
        found = found.filter(received_at__gte=datetime.combine(since, time.min, tzinfo=CHINA))
    return found
