"""What the desk reported to the head, and still waits for."""

from __future__ import annotations

from incidents.models import Declaration, Report


def binding_reports(declaration: Declaration) -> list[Report]:
    """Reports at level 1 that the desk cannot solve it alone, without answer and without reason (A-15).

    One query, none where no report waits.
    """
    if declaration.reported_at is None or declaration.report_answered_at is not None:
        return []
    unanswered = declaration.report_rows.filter(answered_at=None, unanswered_reason="")
    return list(unanswered.filter(level_1=True, desk_cannot_solve=True))
