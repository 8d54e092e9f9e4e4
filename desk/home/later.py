"""Lines that their reader has put off: folded away, unless time would run out before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from base import wording
from base.text import side_by_side
from desk.home.rows import LAST, WorkRow, record_row
from incidents.models import Reminder
from sla.queries import TimeState

PRESSING = (TimeState.BREACHED, TimeState.AT_RISK)


def apart(
    rows: Iterable[WorkRow], reminders: Mapping[str, Reminder], at: datetime
) -> tuple[list[WorkRow], list[WorkRow]]:
    """The lines that stay and those that are folded away, each with what was noted; a reminder that has come stands
    there also where the next step is somebody else's."""
    shown: list[WorkRow] = []
    folded: list[WorkRow] = []
    for row in rows:
        reminder = reminders.get(row.number)
        if reminder is None:
            shown.append(row)
        else:
            (folded if _may_wait(row, reminder, at) else shown).append(_noted(row, reminder))
    known = {row.number for row in [*shown, *folded]}
    come = [one for number, one in reminders.items() if one.at <= at and number not in known]
    return [*shown, *map(_own_line, come)], sorted(folded, key=lambda row: reminders[row.number].at)


def _may_wait(row: WorkRow, reminder: Reminder, at: datetime) -> bool:
    """A time that runs out before, or is in danger, is never hidden; nor is what has no level and so no time yet."""
    if reminder.at <= at or row.pressing:
        return False
    in_danger = row.time_left is not None and row.time_left.state in PRESSING
    return not in_danger and (row.due == LAST or row.due > reminder.at)


def _noted(row: WorkRow, reminder: Reminder) -> WorkRow:
    return replace(row, why=side_by_side(_told(reminder), row.why), reminded=True)


def _told(reminder: Reminder) -> str:
    values = {"time": wording.clock_time(reminder.at), "note": reminder.note}
    return _("Reminder %(time)s: %(note)s") % values


def _own_line(reminder: Reminder) -> WorkRow:
    record = reminder.declaration
    return record_row(
        record,
        button=pgettext("step", "Open"),
        who=side_by_side(record.number, record.customer_name or record.caller, record.get_state_display()),
        why=_told(reminder),
        until=reminder.at,
        reminded=True,
    )
