"""One's own views of the list."""

from __future__ import annotations

from accounts.acting import Actor
from portal.models import SavedView


def saved_views(actor: Actor) -> list[SavedView]:
    """The views that `actor` has saved, the first saved first; one statement by the unique index."""
    return list(SavedView.objects.filter(owner=actor.user)) if actor.user else []
