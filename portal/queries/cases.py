"""Closed incidents whose solution may fit again (R-5.4.4-2)."""

from __future__ import annotations

from accounts.acting import Actor
from incidents.access import declarations
from incidents.models import Declaration, State, Type
from search.queries import like


def like_cases(actor: Actor, text: str, *, limit: int = 4) -> list[Declaration]:
    """Closed incidents that resemble `text` most, only those that `actor` may see; four statements."""
    seen = declarations(actor).filter(state__in=[State.CLOSED, State.FILED], type=Type.INCIDENT)
    keys = [key for key, _score in like("case", text, limit=limit, keys=seen.values("pk"))]
    rows = Declaration.objects.select_related("customer").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
