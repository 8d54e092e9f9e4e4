"""What stands beside the form of a step: the customer's words, the last contacts, what was planned and done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desk.record import aside
from incidents.models import STANDING, Declaration, HandlingStep
from sla.models import Clock


def beside(declaration: Declaration, at: datetime, extra: Clock | None) -> dict[str, Any]:
    """For a page of its own; three statements. `extra` is the clock of what somebody else owes."""
    return {
        **done_so_far(declaration),
        "deadlines": aside.deadlines(declaration, at, extra),
        "customer": aside.customer(declaration, declaration.communication_rows.filter(STANDING)),
    }


def done_so_far(declaration: Declaration) -> dict[str, Any]:
    """The last rows of handling, newest first, for a form that opens within the record's page; one statement."""
    rows = HandlingStep.objects.filter(STANDING, declaration=declaration).order_by("-at", "-pk")
    return {"handled": rows[: aside.LATEST]}
