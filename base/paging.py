"""Pages of a list that begin behind a row, so that each costs the same and none moves while rows come and go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy, RawSQL

from base.sql import compiled

SIZE = 25
T = TypeVar("T")
Line = TypeVar("Line")
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Place:
    """Where a page begins: after, or `backwards` before, the row with this key and id."""

    backwards: bool
    key: Any
    pk: int


@dataclass(frozen=True)
class Order:
    """By one indexed column, then the id; `nullable` columns list the rows without one first, or else last."""

    column: str = "pk"
    descending: bool = False
    nullable: bool = False
    empty_last: bool = False

    def place(self, model: type[Model], cursor: str) -> Place | None:
        """The place of a cursor that was given out for this order of these rows; None for any other text."""
        try:
            backwards, key, pk = signing.loads(cursor, salt=self._salt(model))
        except (signing.BadSignature, ValueError):
            return None
        return Place(backwards, key if key is None else self._field(model).to_python(key), pk)

    def cursor(self, row: Model, *, backwards: bool = False) -> str:
        """The text that leads to what follows this row, or goes before it."""
        key = None if getattr(row, self.column) is None else self._field(type(row)).value_to_string(row)
        return signing.dumps([backwards, key, row.pk], salt=self._salt(type(row)))

    def ordering(self, *, turned: bool = False) -> list[OrderBy]:
        """The order for a query, or the other way round; the rows without a key turn with it."""
        down = self.descending != turned
        empties = {"nulls_first" if turned == self.empty_last else "nulls_last": True} if self.nullable else {}
        return [OrderBy(F(self.column), descending=down, **empties), OrderBy(F("pk"), descending=down)]

    def _salt(self, model: type[Model]) -> str:
        return f"{model._meta.label} by {self.column} {self.descending}"

    def _field(self, model: type[Model]) -> Any:
        return model._meta.pk if self.column == "pk" else model._meta.get_field(self.column)


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, with the cursors of the neighbours (empty where there is none)."""

    rows: list[T] = field(default_factory=list)
    previous: str = ""
    next: str = ""

    def showing(self, line: Callable[[T], Line]) -> Page[Line]:
        """The same page, each row as the reader sees it."""
        return Page([line(row) for row in self.rows], self.previous, self.next)

    def addresses(self, of: Callable[[str], str]) -> dict[str, str]:
        """What the pager in the template takes: the addresses `of` the neighbours' cursors."""
        return {
            "previous_url": of(self.previous) if self.previous else "",
            "next_url": of(self.next) if self.next else "",
        }


@dataclass(frozen=True)
class Sieve:
    """A condition in SQL that is asked of one row after the other, of the first `most` rows and of no more.

    `{row}` in it stands for the key of the row. For what the database would otherwise find first and whole, since it
    thinks it rare. `is_whole` says that there are fewer rows than that.
    """

    sql: str
    values: tuple[Any, ...]
    most: int
    is_whole: bool = False

    def over(self, found: QuerySet[Any]) -> tuple[str, str, tuple[Any, ...]]:
        """The rows as `walked`, and the condition on one of them, as SQL with their parameters."""
        sql, values = compiled(found.values(one=F("pk"))[: self.most])
        return f"({sql}) AS walked", self.sql.format(row="walked.one"), values

    def passing(self, found: QuerySet[Any], limit: int) -> tuple[str, tuple[Any, ...]]:
        """The keys of up to `limit` rows that pass, as SQL with its parameters; they come in the order of `found`."""
        walked, condition, values = self.over(found)
        return f"SELECT walked.one FROM {walked} WHERE {condition} LIMIT {limit}", (*values, *self.values)  # noqa: S608

    def cuts(self, found: QuerySet[Any]) -> bool:
        """Whether there may be rows that are not asked; one statement, if that is not known."""
        return not self.is_whole and found.order_by()[: self.most].count() == self.most


def page(
    found: QuerySet[Row], order: Order, cursor: str = "", *, shown: QuerySet[Row] | None = None, size: int = SIZE
) -> Page[Row]:
    """Some of what was found, in order, from where the cursor stands; a made-up cursor counts as none.

    One statement, by the index of the order. What is read of a row `found` says; of a nullable order, whose two parts
    `found` only names, `shown` does.
    """
    place = order.place(found.model, cursor)
    parts = [_beyond(found, order, place, empty)[: size + 1] for empty in _parts(order, place)]
    if shown is None:
        return _made(list(parts[0]), order, place, size)
    pieces = [compiled(part.values("pk")) for part in parts]
    return _made(list(_together(pieces, shown, _turned(order, place), size + 1)), order, place, size)


def first_rows(found: QuerySet[Row], order: Order, *, shown: QuerySet[Row], size: int = SIZE) -> QuerySet[Row]:
    """What the first page reads, as a query whose text can be kept; `first_page` makes the page of its rows."""
    parts = [_beyond(found, order, None, empty)[: size + 1] for empty in _parts(order, None)]
    pieces = [compiled(part.values("pk")) for part in parts]
    return _together(pieces, shown, _turned(order, None), size + 1)


def first_page(rows: list[Row], order: Order, *, size: int = SIZE) -> Page[Row]:
    """The first page, of what `first_rows` has found."""
    return _made(rows, order, None, size)


def sieved(
    found: QuerySet[Row], sieve: Sieve, order: Order, cursor: str = "", *, shown: QuerySet[Row], size: int = SIZE
) -> Page[Row] | None:
    """The same of what passes the sieve; None where that ended too early, so that other rows may belong there.

    One statement by the index of the order, and a bounded count for each part of the order that did not fill the page.
    """
    place = order.place(found.model, cursor)
    empties = _parts(order, place)
    parts = [_beyond(found, order, place, empty) for empty in empties]
    pieces = [sieve.passing(part, size + 1) for part in parts]
    rows = list(_together(pieces, shown, _turned(order, place), size + 1))
    used = parts if len(rows) <= size else parts[: _part_of(rows[size], order, empties)]
    return None if any(sieve.cuts(part) for part in used) else _made(rows, order, place, size)


def _part_of(row: Model, order: Order, empties: list[bool]) -> int:
    return empties.index(order.nullable and getattr(row, order.column) is None)


def _turned(order: Order, place: Place | None) -> list[OrderBy]:
    return order.ordering(turned=place is not None and place.backwards)


def _made(rows: list[Row], order: Order, place: Place | None, size: int) -> Page[Row]:
    """The page of these rows, of which there is one more than `size` where others follow."""
    backwards = place is not None and place.backwards
    more, rows = len(rows) > size, rows[:size]
    if not rows:
        return Page()
    if backwards:
        rows.reverse()
    before, after = (more, True) if backwards else (place is not None, more)
    return Page(
        rows,
        previous=order.cursor(rows[0], backwards=True) if before else "",
        next=order.cursor(rows[-1]) if after else "",
    )


def _parts(order: Order, place: Place | None) -> list[bool]:
    """Which parts a page may touch, in its direction: True is the one without the key."""
    if not order.nullable:
        return [False]
    parts = [not order.empty_last, order.empty_last]
    if place is None:
        return parts
    if place.backwards:
        parts.reverse()
    return parts[parts.index(place.key is None) :]


def _beyond(found: QuerySet[Row], order: Order, place: Place | None, empty: bool) -> QuerySet[Row]:
    """One part from the place on, in its direction."""
    down = order.descending != (place is not None and place.backwards)
    sign, than = ("-", "lt") if down else ("", "gt")
    if order.nullable:
        found = found.filter(**{f"{order.column}__isnull": empty})
    by_key = order.column != "pk" and not empty
    found = found.order_by(f"{sign}{order.column}", f"{sign}pk") if by_key else found.order_by(f"{sign}pk")
    if place is None or (place.key is None) != empty:
        return found
    if not by_key:
        return found.filter(**{f"pk__{than}": place.pk})
    further = Q(**{f"{order.column}__{than}": place.key})
    same = Q(**{order.column: place.key, f"pk__{than}": place.pk})
    # The first condition repeats what the second says so that the index is entered at the right place.
    return found.filter(Q(**{f"{order.column}__{than}e": place.key}), further | same)


def _together(
    pieces: list[tuple[str, tuple[Any, ...]]], shown: QuerySet[Row], ordering: list[OrderBy], limit: int
) -> QuerySet[Row]:
    """The rows of the pieces, of which the second is only read where the first has fewer than `limit`.

    Each has its own order and limit, which a union of the ORM cannot have everywhere; and a limit on both together
    would say nothing about which of them comes first.
    """
    sql = pieces[0][0]
    if len(pieces) > 1:
        further = f"SELECT * FROM ({pieces[1][0]}) AS further WHERE (SELECT count(*) FROM part) < {limit}"  # noqa: S608
        sql = f"WITH part AS MATERIALIZED ({sql}) SELECT * FROM part UNION ALL {further}"  # noqa: S608
    keys = RawSQL(sql, [value for _sql, values in pieces for value in values])  # noqa: S611 compiled by the ORM
    return shown.filter(pk__in=keys).order_by(*ordering)
