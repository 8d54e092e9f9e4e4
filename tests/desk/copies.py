"""Many declarations at once, for tests that count what they cost."""

from __future__ import annotations

from incidents.models import Declaration
from sla.models import Clock

CLOCKS = ("relay_clock", "response_clock", "resolution_clock")


def copy_declarations(times: int) -> None:
    """Each declaration `times` over, as rows with clocks of their own."""
    rows = list(Declaration.objects.select_related(*CLOCKS))
    for position in range(times):
        for row in rows:
            _copy(row, f"SD-20261123-{position + 100}{row.pk % 1000:03d}")


def _copy(row: Declaration, number: str) -> None:
    for name in CLOCKS:
        setattr(row, name, _own(getattr(row, name)))
    row.pk, row.number, row.idempotency_key = None, number, None
    row.save(force_insert=True)


def _own(clock: Clock | None) -> Clock | None:
    if clock is not None:
        clock.pk = None
        clock.save(force_insert=True)
    return clock
