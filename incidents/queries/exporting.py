"""What leaves the list for a spreadsheet: the same records that the list would show, read in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import F

from accounts.acting import Actor
from incidents.access import declarations
from incidents.models import Declaration
from incidents.queries.listing import SORTS, Asked, narrowed

PIECE = 500
WRITTEN = (
    "number",
    "subject",
    "state",
    "type",
    "channel",
    "priority",
    "leaf_path",
    "caller_name",
    "caller_phone",
    "caller_company",
    "contact_means",
    "received_at",
    "first_response_at",
    "due_at",
    "resolved_at",
    "closed_at",
    "problem_number",
    "customer__name",
    "contact__name",
    "department__name",
    "department__name_en",
    "desk__name",
    "handler__name",
    "resolution_clock__met",
)
READ_WITH = ("customer", "contact", "department", "desk", "handler", "resolution_clock")


def count_for_export(actor: Actor, asked: Asked, most: int) -> int:
    """How many records were asked for, up to `most` + 1; one statement that stops there."""
    return narrowed(actor, asked).order_by()[: most + 1].count()


def rows_for_export(actor: Actor, asked: Asked, most: int) -> Iterator[Declaration]:
    """The records in the order of the list, at most `most`, a few hundred at a time."""
    sort = SORTS.get(asked.sort, SORTS["due"])
    column, key = F(sort.column), "-pk" if sort.descending else "pk"
    last = sort.empty_last or sort.descending
    order = (column.desc if sort.descending else column.asc)(**{"nulls_last" if last else "nulls_first": True})
    found = narrowed(actor, asked).order_by(order, key)
    return found.only(*WRITTEN).select_related(*READ_WITH)[:most].iterator(chunk_size=PIECE)


def chosen_for_export(actor: Actor, keys: Iterable[int]) -> list[Declaration]:
    """Those of the records with these keys that `actor` may see, by number; one statement."""
    found = declarations(actor).filter(pk__in=list(keys)).order_by("pk")
    return list(found.only(*WRITTEN).select_related(*READ_WITH))
