"""The list of records: views, filters, search, order, and pages that stay put while records change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.dateparse import parse_datetime

from accounts.acting import CHINA, Actor, local_day
from accounts.models import Contact, Role
from base.clock import now
from base.phones import is_number, numbers
from incidents.access import declarations, handed_to
from incidents.models import OPEN_STATES, Declaration, State
from incidents.queries.counting import bounded_counts, compiled
from search.queries import matching

PAGE = 25
FEWEST_DIGITS = 4
OPEN = sorted(OPEN_STATES)
SALT = "incidents.listing"
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


@dataclass(frozen=True)
class Sort:
    """An order by one indexed column and the id; `nullable` columns list their empty rows first, or else last."""

    column: str
    descending: bool = False
    nullable: bool = False
    empty_last: bool = False


SORTS: dict[str, Sort] = {
    # By the time left that a line shows; what stands, has ended or is not timed comes last.
    "due": Sort("shown_due_at", nullable=True, empty_last=True),
    "received": Sort("received_at", descending=True),
    # Numbers are given in the order of registration, and past 999 a day they no longer sort as text.
    "number": Sort("id", descending=True),
    "level": Sort("priority", nullable=True),
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
    "filing": lambda actor: Q(state=State.CLOSED),
    "all": lambda actor: Q(),
}


@dataclass(frozen=True)
class Asked:
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


@dataclass(frozen=True)
class Listed:
    """One page, with the cursors of its neighbours (empty where there is none)."""

    rows: list[Declaration] = field(default_factory=list)
    previous: str = ""
    next: str = ""


@dataclass(frozen=True)
class _Place:
    """Where a page begins: after (or before) the row with this key and id."""

    backwards: bool
    key: Any
    pk: int


def listed(actor: Actor, asked: Asked) -> Listed:
    """One page of what `actor` may see; one statement, by the index of its order.

    The page begins behind the row that the cursor names, so rows that come or go elsewhere do not move it.
    """
    sort = SORTS.get(asked.sort, SORTS["due"])
    place = _read_cursor(asked.cursor, asked.sort)
    backwards = place is not None and place.backwards
    found = _page(narrowed(actor, asked), sort, place)
    rows, more = found[:PAGE], len(found) > PAGE
    if backwards:
        rows.reverse()
    if not rows:
        return Listed()
    before = more if backwards else place is not None
    after = True if backwards else more
    return Listed(
        rows=rows,
        previous=_cursor(asked.sort, sort, rows[0], backwards=True) if before else "",
        next=_cursor(asked.sort, sort, rows[-1], backwards=False) if after else "",
    )


def counts(actor: Actor, asked: Asked, saved: Mapping[str, Asked] | None = None) -> dict[str, int]:
    """How many records stand in each view, by their own keys in the `saved` ones, and under "asked" how many were
    asked for, up to 1,001 each; one statement.
    """
    visible = declarations(actor)
    queries = {name: visible.filter(view(actor)) for name, view in VIEWS.items() if name != "all"}
    own = {key: narrowed(actor, each) for key, each in (saved or {}).items()}
    return bounded_counts({**queries, **own, "asked": narrowed(actor, asked)})


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
    holds = [Q(digits__contains=number) for number in sought]
    contacts = Contact.objects.filter(reduce(or_, holds)).order_by().values("pk")
    called = Declaration.objects.filter(contact__in=contacts).order_by().values("pk")
    sql, values = compiled(called)
    return RawSQL(f"{keys.sql} UNION {sql}", [*keys.params, *values])  # noqa: S611 compiled by the ORM


def narrowed(actor: Actor, asked: Asked) -> QuerySet[Declaration]:
    """Everything that was asked for of what `actor` may see, without order."""
    found = declarations(actor).filter(VIEWS.get(asked.view, VIEWS["open"])(actor))
    wanted = {
        "state__in": asked.states,
        "priority__in": asked.levels,
        "type__in": asked.types,
        "customer__in": asked.customers,
        "handler__in": asked.handlers,
        "leaf__in": asked.leaves,
    }
    found = found.filter(**{name: values for name, values in wanted.items() if values})
    if asked.department is not None:
        found = found.filter(department=asked.department)
    if asked.received_days is not None:
        first = local_day(now()) - timedelta(days=asked.received_days - 1)
        found = found.filter(received_at__gte=datetime.combine(first, time.min, tzinfo=CHINA))
    return found.filter(search_condition(asked.q)) if asked.q.strip() else found


def _page(found: QuerySet[Declaration], sort: Sort, place: _Place | None) -> list[Declaration]:
    """The next rows and one more, in one statement; rows without the key are a part of their own."""
    parts = [_beyond(found, sort, place, empty)[: PAGE + 1] for empty in _parts(sort, place)]
    chosen = _shown(Declaration.objects.filter(pk__in=_either(*parts)))
    down = sort.descending != (place is not None and place.backwards)
    return sorted(chosen, key=partial(_position, sort), reverse=down)[: PAGE + 1]


def _shown(rows: QuerySet[Declaration]) -> QuerySet[Declaration]:
    return rows.only(*SHOWN).select_related("customer", "handler", "desk")


def _either(*parts: QuerySet[Declaration]) -> RawSQL:
    """The keys of all parts, each with its own order and limit, which a union of the ORM cannot have everywhere."""
    pieces = [compiled(part.values("pk")) for part in parts]
    sql = " UNION ALL ".join(f"SELECT * FROM ({each}) AS part" for each, _values in pieces)  # noqa: S608
    return RawSQL(sql, [value for _sql, values in pieces for value in values])  # noqa: S611 compiled by the ORM


def _position(sort: Sort, row: Declaration) -> tuple[bool, Any, int]:
    key = getattr(row, sort.column)
    return (key is None) == sort.empty_last, key if key is not None else 0, row.pk


def _parts(sort: Sort, place: _Place | None) -> list[bool]:
    """Which parts a page may touch, in its direction: True is the one without the key."""
    if not sort.nullable:
        return [False]
    order = [not sort.empty_last, sort.empty_last]
    if place is None:
        return order
    if place.backwards:
        order.reverse()
    return order[order.index(place.key is None) :]


def _beyond(found: QuerySet[Declaration], sort: Sort, place: _Place | None, empty: bool) -> QuerySet[Declaration]:
    backwards = place is not None and place.backwards
    down = sort.descending != backwards
    sign, than = ("-", "lt") if down else ("", "gt")
    if sort.nullable:
        found = found.filter(**{f"{sort.column}__isnull": empty})
    order = [f"{sign}pk"] if empty else [f"{sign}{sort.column}", f"{sign}pk"]
    if place is None or (place.key is None) != empty:
        return found.order_by(*order)
    if empty:
        return found.filter(**{f"pk__{than}": place.pk}).order_by(*order)
    further = Q(**{f"{sort.column}__{than}": place.key})
    same = Q(**{sort.column: place.key, f"pk__{than}": place.pk})
    # The first condition repeats what the second says so that the index is entered at the right place.
    return found.filter(Q(**{f"{sort.column}__{than}e": place.key}), further | same).order_by(*order)


def _cursor(name: str, sort: Sort, row: Declaration, *, backwards: bool) -> str:
    key = getattr(row, sort.column)
    plain = key.isoformat() if isinstance(key, datetime) else key
    return signing.dumps([name, backwards, plain, row.pk], salt=SALT)


def _read_cursor(cursor: str, name: str) -> _Place | None:
    """The place of a cursor that this list has given out for this order; None for any other text."""
    try:
        of, backwards, key, pk = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if of != name:
        return None
    if SORTS[name].column.endswith("_at") and key is not None:
        key = parse_datetime(key)
    return _Place(backwards, key, pk)
