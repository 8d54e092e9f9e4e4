"""The list as a table for spreadsheets: its columns, and a record as one row of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.acting import Actor
from base import wording
from desk.records.lines import company
from files.tables import Cell, Column, Table
from incidents.models import Channel, Declaration, State, Type
from ui.components.marks import LEVELS

# A workbook is made whole before it is sent: so many rows take about 0.7 s on one core. A CSV file streams.
MOST = {"xlsx": 3_000, "csv": 20_000}


def table(rows: Iterable[Declaration], *, actor: Actor, at: datetime) -> Table:
    """The rows as they are read, with who took them and when: a copy is not controlled (R-DC-4)."""
    return Table(
        title=_("Records"),
        columns=_columns(),
        rows=(_row(row) for row in rows),
        notes=[
            _("Internal. Exported by %(name)s, %(time)s. Exported copies are not controlled.")
            % {"name": actor.user.name if actor.user else "", "time": f"{localtime(at):%Y-%m-%d %H:%M}"}
        ],
    )


def _columns() -> list[Column]:
    return [
        Column(_("Number"), 18),
        Column(_("State"), 14),
        Column(_("Type"), 12),
        Column(_("Level"), 8),
        Column(_("Channel"), 10),
        Column(_("Subject"), 40),
        Column(_("Category"), 30),
        Column(_("Customer"), 24),
        Column(_("Contact"), 12),
        Column(_("Phone or e-mail"), 18),
        Column(_("Department"), 16),
        Column(_("Service desk"), 12),
        Column(_("Handler"), 12),
        Column(_("Received"), 17),
        Column(_("First response"), 17),
        Column(pgettext("column", "Due"), 17),
        Column(pgettext("column", "Solved"), 17),
        Column(pgettext("column", "Closed"), 17),
        Column(_("Solved on time"), 10),
        Column(_("Problem"), 18),
    ]


def _row(row: Declaration) -> list[Cell]:
    means = row.contact_means or row.caller_phone
    return [
        row.number,
        str(State(row.state).label),
        str(Type(row.type).label),
        str(LEVELS[row.priority]) if row.priority else "",
        str(Channel(row.channel).label),
        row.subject,
        " › ".join(row.leaf_path),
        company(row),
        row.contact.name if row.contact else row.caller_name,
        wording.phone(means) if means else "",
        str(row.department),
        row.desk.name if row.desk else "",
        row.handler.name if row.handler else "",
        row.received_at,
        row.first_response_at,
        row.due_at,
        row.resolved_at,
        row.closed_at,
        _on_time(row),
        row.problem_number,
    ]


def _on_time(row: Declaration) -> str:
    met = row.resolution_clock.met if row.resolution_clock else None
    return "" if met is None else _("Yes") if met else _("No")
