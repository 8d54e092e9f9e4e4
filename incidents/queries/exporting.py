"""What leaves the list for a spreadsheet: the same records that the list would show, read in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet

from accounts.actors import Actor
from incidents.access import declarations
from incidents.models import Declaration
from incidents.queries.listing import SORTS, ListQuery, narrowed

PIECE = 500


def count_for_export(actor: Actor, query: ListQuery, most: int) -> int:
    """How many records were asked for, up to `most` + 1; one statement that stops there."""
    return narrowed(actor, query).order_by()[: most + 1].count()


def rows_for_export(actor: Actor, query: ListQuery, most: int, columns: Sequence[str]) -> Iterator[Declaration]:
    """These columns of the records in the order of the list, at most `most`, a few hundred at a time."""
    found = narrowed(actor, query).order_by(*SORTS.get(query.sort, SORTS["due"]).ordering())
    return _reading(found, columns)[:most].iterator(chunk_size=PIECE)


def chosen_for_export(actor: Actor, keys: Iterable[int], columns: Sequence[str]) -> list[Declaration]:
    """These columns of the records with these keys that `actor` may see, by number; one statement."""
    found = declarations(actor).filter(pk__in=list(keys)).order_by("pk")
    return list(_reading(found, columns))


def _reading(found: QuerySet[Declaration], columns: Sequence[str]) -> QuerySet[Declaration]:
    """Only these columns, in the same statement where they are another table's."""
    together = {name.partition("__")[0] for name in columns if "__" in name}
    return found.select_related(*sorted(together)).only(*columns)
