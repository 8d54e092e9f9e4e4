"""The records that hold all words of a text, found in whichever way costs less.

A full-text index first finds all that match, and a word that stands in a quarter of a million records is not worth
that for the 25 which a page shows. So a page first walks the records in its order and asks each whether it matches;
where few do, the index is asked instead. Every way ends in the condition that is always right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import Contact
from accounts.queries import has_number
from base.paging import SIZE, Order, Page, Sieve, page, sieved
from base.phones import is_number, numbers
from base.sql import compiled, listed_keys
from incidents.models import Declaration
from incidents.queries.counting import MOST, Keys, first, keys_of
from search.queries import containing, gathering, matching

FEWEST_DIGITS = 4
# How many records are asked before the index is, and how many at most; each takes about 8 µs. What fills a page from
# the first stands in every tenth record, so that the furthest are enough to count a thousand.
FIRST, FURTHEST = 250, 10_000
# So many keys are fetched from the index and looked up one by one; more than that is many.
FEW = 3_000


def search_condition(text: str) -> Q:
    """The records that hold all words of `text`: number (also its beginning), subject, company, caller, text, phone."""
    number = text.strip().upper()
    if _is_record(number):
        return Q(number=number)
    keys = matching("declaration", text)
    if keys is None:
        return Q(pk__in=[])
    return Q(pk__in=_with_phone(keys, text))


@dataclass(frozen=True)
class Look:
    """What a first look told: whether the records are few, whether many of them match, and else some that match.

    These are all that match in the index, where they are at most `FEW`.
    """

    is_whole: bool
    is_common: bool
    some: list[int]

    @property
    def are_few(self) -> bool:
        return not self.is_whole and not self.is_common and len(self.some) <= FEW


class Search:
    """What is asked for by one text of some records that the reader may see; an empty one narrows nothing."""

    def __init__(self, text: str, found: QuerySet[Declaration]) -> None:
        self._text, self._found = text.strip(), found

    def page(self, order: Order, cursor: str, shown: QuerySet[Declaration]) -> Page[Declaration]:
        """One page of what matches: a statement after the look, and seldom two or three more."""
        if self._sieve is None or self._look.are_few:
            return page(self.narrowed, order, cursor, shown=shown)
        walked = sieved(self._found, self._sieve, order, cursor, shown=shown)
        return walked or page(self._right, order, cursor, shown=shown)

    @property
    def narrowed(self) -> QuerySet[Declaration]:
        """All that matches, whatever the word; one statement, for the look."""
        if self._sieve is None or not self._look.are_few:
            return self._right
        return self._among(self._look.some)

    def counting(self) -> Keys:
        """Some of what matches, found quickly; what their number says, `settled` tells. One statement, for the look."""
        if self._sieve is None:
            return first(self._right)
        if self._look.is_whole or self._look.is_common:
            return self._sieve.passing(self._found.order_by(), MOST + 1)
        return first(self._among(self._look.some))

    def settled(self, count: int) -> int:
        """How many match, up to `MOST` + 1, after `counting` found `count`; no statement where that says it."""
        if count > MOST or self._sieve is None or self._look.are_few:
            return count
        if self._look.is_common and not self._sieve.cuts(self._found):
            return count
        return count if self._look.is_whole else len(keys_of(first(self._right)))

    @property
    def _right(self) -> QuerySet[Declaration]:
        return self._found.filter(search_condition(self._text)) if self._text else self._found

    def _among(self, keys: list[int]) -> QuerySet[Declaration]:
        return self._found.filter(pk__in=listed_keys(keys))

    @cached_property
    def _question(self) -> tuple[str, tuple[str, ...]] | None:
        """The text as a question to one record; None for what is found without, by number or by telephone.

        SQLite reads its full-text index as it goes, so that nothing is won by walking.
        """
        if connection.vendor == "sqlite" or not self._text or _is_record(self._text.upper()) or _digits(self._text):
            return None
        return containing(Declaration.stream_kind, self._text)

    @cached_property
    def _sieve(self) -> Sieve | None:
        return Sieve(*self._question, FURTHEST, is_whole=self._look.is_whole) if self._question else None

    @cached_property
    def _look(self) -> Look:
        """Ask the first records, and the index if few of them match; one statement."""
        assert self._question is not None
        walked, condition, values = Sieve(*self._question, FIRST).over(self._found.order_by())
        index, wanted = gathering(Declaration.stream_kind, self._text, FEW + 1)
        sql = f"""
            WITH look AS MATERIALIZED (
                SELECT count(*) AS asked, count(*) FILTER (WHERE {condition}) AS passed FROM {walked}
            )
            SELECT asked < {FIRST}, passed > {SIZE},
                CASE WHEN asked >= {FIRST} AND passed <= {SIZE} THEN ARRAY({index}) END FROM look
        """  # noqa: S608 compiled by the ORM
        with connection.cursor() as cursor:
            cursor.execute(sql, [*self._question[1], *values, *wanted])
            is_whole, is_common, some = cursor.fetchone()
        return Look(is_whole, is_common, some or [])


def _is_record(text: str) -> bool:
    kind, _dash, rest = text.partition("-")
    day, _dash, count = rest.partition("-")
    return kind == "SD" and len(day) == 8 and len(count) >= 3 and (day + count).isdecimal()


def _digits(text: str) -> list[str]:
    return [number for number in numbers(text) if len(number) >= FEWEST_DIGITS] if is_number(text) else []


def _with_phone(keys: RawSQL, text: str) -> RawSQL:
    """Also the records whose contact has a number with these digits; the index holds only the numbers called from."""
    digits = _digits(text)
    if not digits:
        return keys
    holds = [has_number(number) for number in digits]
    contacts = Contact.objects.filter(reduce(or_, holds)).order_by().values("pk")
    called = Declaration.objects.filter(contact__in=contacts).order_by().values("pk")
    sql, values = compiled(called)
    return RawSQL(f"{keys.sql} UNION {sql}", [*keys.params, *values])  # noqa: S611 compiled by the ORM
