"""The warning that past incidents of the kind usually missed their time from here on (R-5.4.6-4)."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from escalation.models import Warning, WarningRecipient
from incidents.models import Declaration
from ledger.actions import Change
from notifications.actions import Notice
from sla.models import Clock
from sla.prediction import Outlook


def foretell(
    change: Change[Declaration], clock: Clock, *, since: datetime, at: datetime, recipients: list[tuple[str, User]]
) -> None:
    """Add the warning to the change; once for each target of the clock, by `one_forecast_a_target`."""
    warning = change.add(
        Warning,
        declaration_id=change.record.pk,
        at=at,
        kind=Warning.Kind.TREND,
        clock_id=clock.pk,
        cycle=clock.cycle,
        reached_at=since,
        recipients=[role for role, _person in recipients],
    )
    for role, person in recipients:
        change.add(WarningRecipient, warning_id=warning, role=role, user_id=person.pk)


def forecast_facts(percent: int, outlook: Outlook) -> dict[str, object]:
    """The counts behind it, for the ledger: numbers that can be told in any language."""
    return {
        "percent": percent,
        "chance_percent": None if outlook.chance is None else round(100 * outlook.chance),
        "known": outlook.known,
        "reached": outlook.reached,
        "missed": outlook.missed,
    }


def forecast_notice(declaration: Declaration, clock: Clock, percent: int, recipients: list[tuple[str, User]]) -> Notice:
    """Staff hear it in the portal; the customer hears of a trend from the handler alone (A-30)."""
    return Notice(
        "warning.forecast",
        stream=declaration.stream,
        number=declaration.number,
        recipients=[person for _role, person in recipients],
        data={"level": declaration.priority, "due_at": clock.due_at},
        threshold=percent,
        cycle=clock.cycle,
    )
