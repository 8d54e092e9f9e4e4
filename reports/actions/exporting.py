"""That figures left as a file is written down."""

from __future__ import annotations

from accounts.actors import Actor, local_day
from base.clock import now
from ledger.actions import append
from ledger.models import Entry


def record_export(*, actor: Actor, query: str, kind: str, count: int) -> Entry:
    """Write into the day's log of exports who took the figures of how many lines out, by which filters."""
    return append(
        f"exports:{local_day(now())}",
        signature=actor.signature(),
        action="export_figures",
        clause="7",
        payload={"facts": {"query": query, "format": kind, "count": count}},
    )
