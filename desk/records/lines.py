"""A record as the list shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from base.clock import now
from desk.ageing import age_of
from desk.home.rows import clock_words
from incidents.models import Declaration, Type
from sla.queries import TimeLeft, TimeState


@dataclass(frozen=True)
class RecordRow:
    """As incidents/table.html takes it."""

    id: int
    url: str
    number: str
    subject: str
    customer: str
    handler: str
    state: str
    priority: int | None
    ungraded: bool
    restricted: bool
    time_left: TimeLeft | None
    clock_name: str
    age: str = ""


class Verdict(TimeLeft):
    """A clock that has ended, as a list says it: on time or late, without the span."""

    @property
    def words(self) -> str:
        solved = self.kind == "resolution"
        if self.state == TimeState.MET:
            return _("Solved on time") if solved else _("On time")
        return _("Solved late") if solved else _("Late")


def line(row: Declaration, left: TimeLeft | None) -> RecordRow:
    """One record with its clock, if it has one."""
    handler = row.handler or row.desk
    return RecordRow(
        id=row.pk,
        url=reverse("record", args=[row.number]),
        number=row.number,
        subject=row.subject,
        customer=row.customer_name or row.caller_name,
        handler=handler.name if handler else "",
        state=row.state,
        priority=row.priority,
        ungraded=row.type not in (Type.UNKNOWN, Type.INCIDENT),
        restricted=row.restricted,
        time_left=Verdict(**vars(left)) if left and left.state in (TimeState.MET, TimeState.LATE) else left,
        clock_name=clock_words(left),
        age=age_of(row, left, now()),
    )
