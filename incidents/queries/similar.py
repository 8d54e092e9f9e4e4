"""Records that say nearly the same."""

from __future__ import annotations

from accounts.acting import Actor
from incidents.access import declarations
from incidents.models import Declaration
from search.queries import like


def similar(actor: Actor, text: str, *, limit: int = 5) -> list[Declaration]:
    """The records that resemble `text` most among those that `actor` may see, best first; three queries."""
    found = like("declaration", text, limit=limit, keys=declarations(actor).values("pk"))
    rows = Declaration.objects.select_related("customer").in_bulk([key for key, _score in found])
    return [rows[key] for key, _score in found if key in rows]
