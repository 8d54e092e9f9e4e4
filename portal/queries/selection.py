"""The records that somebody ticked."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.acting import Actor
from incidents.access import declarations
from incidents.models import Declaration


def ticked(actor: Actor, keys: Iterable[int]) -> list[Declaration]:
    """Those of these records that `actor` may see, in the order of registration; one statement by the primary key."""
    found = declarations(actor).filter(pk__in=list(keys)).select_related("customer", "contract", "handler", "desk")
    return list(found.order_by("pk"))
