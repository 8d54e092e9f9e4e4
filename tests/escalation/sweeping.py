"""Words of the sweep's tests: a record in progress, a sweep at a time, and who was told what."""

from __future__ import annotations

from datetime import datetime

from base.clock import set_clock
from escalation import actions as escalation
from escalation.models import Warning
from incidents.models import Declaration
from ledger.models import Entry
from ledger.queries import content
from notifications.models import Notification
from tests import scenes


def at(text: str) -> datetime:
    """A time in China."""
    return datetime.fromisoformat(f"{text}+08:00")


def minor_in_progress() -> Declaration:
    """A level 4 incident of Monday 10:00: four working hours, 75 % at 14:30, 90 % at 15:06, due at 15:30."""
    with set_clock(scenes.MONDAY):
        return scenes.Scene().in_progress("minor", "low")


def sweep_at(text: str) -> int:
    with set_clock(at(text)):
        return escalation.sweep()


def given(declaration: Declaration) -> list[tuple[int | None, list[str]]]:
    """Each warning's threshold and the roles that were told."""
    warnings = Warning.objects.filter(declaration=declaration).order_by("at", "threshold")
    return [(warning.threshold, warning.recipients) for warning in warnings]


def told(event: str) -> list[str]:
    """The numbers of the staff who were told of the event, in order."""
    rows = Notification.objects.filter(event=event, user__isnull=False).order_by("user__employee_number")
    return list(rows.values_list("user__employee_number", flat=True))


def facts(declaration: Declaration, action: str) -> list[dict[str, object]]:
    """The facts of every entry of that action, oldest first."""
    entries = Entry.objects.filter(stream=declaration.stream, action=action).order_by("sequence")
    return [content(entry)["facts"] for entry in entries]
