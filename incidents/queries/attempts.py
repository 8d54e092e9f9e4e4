"""When somebody tried to have a solution confirmed and reached nobody (A-23)."""

from __future__ import annotations

from datetime import date

from accounts.actors import local_day
from incidents.models import STANDING, Declaration


def attempt_days(declaration: Declaration) -> list[date]:
    """The days on which nobody was reached since the solution, in order; several attempts of a day are one.

    One query by the index of the declaration.
    """
    if declaration.resolved_at is None:
        return []
    tried = declaration.communication_rows.filter(STANDING, reached=False, at__gte=declaration.resolved_at)
    return sorted({local_day(at) for at in tried.values_list("at", flat=True)})
