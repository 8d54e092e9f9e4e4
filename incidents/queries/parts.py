"""The rows that belong to a declaration, asked by statements whose text is kept."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from django.db.models import BigIntegerField, Model

from base.compiled import CompiledRecords, Parameter
from incidents.models import STANDING

PartType = TypeVar("PartType", bound=Model)
DECLARATION = Parameter("declaration", BigIntegerField())


@cache
def rows_of(model: type[PartType], *related: str, standing: bool = False) -> CompiledRecords[PartType]:
    """The rows of the `declaration` that is named when they are asked, in the order of the model, with what they name.

    With `standing` those that were struck out are left out. One statement each time, by the index of the foreign key.
    """
    rows = model._default_manager.filter(declaration=DECLARATION)
    if standing:
        rows = rows.filter(STANDING)
    # Without a name it would follow every link, and read the declaration anew with each row.
    return CompiledRecords(lambda: rows.select_related(*related) if related else rows)
