"""The list as a table for spreadsheets: its columns, each with how a record fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.actors import Actor
from base import wording
from base.zones import other_zone
from files.tables import Cell, Column, Table
from incidents.models import Channel, Declaration, State, Type
from ui.components.basics import LEVELS

# A workbook is made whole before it is sent: so many rows take about 0.7 s on one core. A CSV file streams.
MOST = {"xlsx": 3_000, "csv": 20_000}


@dataclass(frozen=True)
class Written:
    """A column: its head and width, the columns of the database that it reads, and how it says them."""

    head: str | Promise
    width: int
    reads: tuple[str, ...]
    says: Callable[[Declaration], Cell] | None = None

    def cell(self, row: Declaration) -> Cell:
        """What stands there for this record."""
        return self.says(row) if self.says else getattr(row, self.reads[0])


def _customer(row: Declaration) -> str:
    return row.customer_name or row.caller_name


def _means(row: Declaration) -> str:
    means = row.contact_means or row.caller_phone
    return wording.phone(means) if means else ""


def _level(row: Declaration) -> str:
    return str(LEVELS[row.priority]) if row.priority else ""


def _on_time(row: Declaration) -> str:
    met = row.resolution_clock.met if row.resolution_clock else None
    return "" if met is None else _("Yes") if met else _("No")


WRITTEN = (
    Written(gettext_lazy("Number"), 18, ("number",)),
    Written(gettext_lazy("State"), 14, ("state",), lambda row: str(State(row.state).label)),
    Written(gettext_lazy("Type"), 12, ("type",), lambda row: str(Type(row.type).label)),
    Written(gettext_lazy("Level"), 8, ("priority",), _level),
    Written(gettext_lazy("Channel"), 10, ("channel",), lambda row: str(Channel(row.channel).label)),
    Written(gettext_lazy("Subject"), 40, ("subject",)),
    Written(gettext_lazy("Category"), 30, ("leaf_path",), lambda row: " › ".join(row.leaf_path)),
    Written(gettext_lazy("Customer"), 24, ("customer__name", "caller_company", "caller_name"), _customer),
    Written(gettext_lazy("Contact"), 12, ("contact__name", "caller_name"), attrgetter("caller")),
    Written(gettext_lazy("Phone or e-mail"), 18, ("contact_means", "caller_phone"), _means),
    Written(
        gettext_lazy("Department"), 16, ("department__name", "department__name_en"), lambda row: str(row.department)
    ),
    Written(gettext_lazy("Service desk"), 12, ("desk__name",), lambda row: row.desk.name if row.desk else ""),
    Written(gettext_lazy("Handler"), 12, ("handler__name",), lambda row: row.handler.name if row.handler else ""),
    Written(gettext_lazy("Received"), 17, ("received_at",)),
    Written(gettext_lazy("First response"), 17, ("first_response_at",)),
    Written(pgettext_lazy("column", "Due"), 17, ("due_at",)),
    Written(pgettext_lazy("column", "Solved"), 17, ("resolved_at",)),
    Written(pgettext_lazy("column", "Closed"), 17, ("closed_at",)),
    Written(gettext_lazy("Solved on time"), 10, ("resolution_clock__met",), _on_time),
    Written(gettext_lazy("Problem"), 18, ("problem_number",)),
)
READ = sorted({name for column in WRITTEN for name in column.reads})


def table(rows: Iterable[Declaration], *, actor: Actor, at: datetime) -> Table:
    """The rows as they are read, with who took them and when: a copy is not controlled (R-DC-4)."""
    return Table(
        title=_("Records"),
        columns=[Column(str(column.head), column.width) for column in WRITTEN],
        rows=([column.cell(row) for column in WRITTEN] for row in rows),
        notes=[
            _("Internal. Exported by %(name)s, %(time)s. Exported copies are not controlled.")
            % {"name": actor.user.name if actor.user else "", "time": f"{localtime(at):%Y-%m-%d %H:%M}"},
            *_elsewhere(),
        ],
    )


def _elsewhere() -> list[str]:
    """On whose clock the times stand, where it is not that of the firm: a file outlives the zone of its reader."""
    zone = other_zone()
    return [_("Times are on the clock of %(zone)s.") % {"zone": zone}] if zone else []
