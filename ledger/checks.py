"""What `manage.py check --database default` tells about the guards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning

from ledger import catalog, triggers


def guards_in_place(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Name the triggers that are missing or altered, and the settings by which they do not fire.

    A warning, not an error: `migrate` runs this check first, and it is what makes them again. Web and worker refuse
    to start by `ledger.triggers.require`.
    """
    found: list[CheckMessage] = []
    if lacking := triggers.missing() if databases else []:
        found.append(
            Warning(
                f"The database does not guard its records: {', '.join(lacking)}.",
                hint="Run `manage.py migrate`, then find out who removed them.",
                id="ledger.W001",
            )
        )
    if switches := catalog.switches() if databases else []:
        found.append(
            Warning(
                f"The guards of the database do not fire: {', '.join(switches)}.",
                hint="Take the setting back, then find out who made it.",
                id="ledger.W002",
            )
        )
    return found
