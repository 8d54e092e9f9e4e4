"""Many declarations at once, for tests that count what they cost."""

from __future__ import annotations

from copy import copy

from incidents.models import AwaitsCount, Declaration
from sla.models import Clock

CLOCKS = ("relay_clock", "response_clock", "resolution_clock")


def copy_declarations(times: int) -> None:
    """Each declaration `times` over, as rows with clocks of their own."""
    rows = list(Declaration.objects.select_related(*CLOCKS))
    copies = [
        copied(row, f"SD-20261123-{position + 100}{row.pk % 1000:03d}") for position in range(times) for row in rows
    ]
    for name in CLOCKS:
        clocks = {each.number: copy(getattr(each, name)) for each in copies if getattr(each, name)}
        for each in copies:
            setattr(each, name, _new(clocks.get(each.number)))
        Clock.objects.bulk_create(clocks.values())
    Declaration.objects.bulk_create(copies)
    AwaitsCount.objects.bulk_create(AwaitsCount(declaration=each) for each in copies)


def copied(row: Declaration, number: str) -> Declaration:
    """A new one like that record, not saved yet."""
    found = copy(row)
    found.pk, found.number, found.idempotency_key = None, number, None
    return found


def _new(clock: Clock | None) -> Clock | None:
    if clock is not None:
        clock.pk = None
    return clock
