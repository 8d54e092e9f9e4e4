"""The dates on which the weekly hours of a calendar do not hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from sla.actions import set_calendar_day
from sla.hours import parse_windows
from sla.models import Calendar, CalendarDay
from sla.wording import windows_typed
from workbook.columns import Choice, Column, Day, Hours, Reference
from workbook.known import Known
from workbook.sheets.base import Mistake, Row, Sheet, Values

Kind = CalendarDay.Kind


class Days(Sheet):
    key = "days"
    title = _("Calendar exceptions")
    key_columns = ("calendar", "date")
    lookup = "calendar__name"
    made_as = Calendar
    makes_records = False
    columns = (
        Reference("calendar", _("Working calendar"), required=True, to="calendars", longest=100, width=24),
        Day("date", _("Date"), required=True),
        Choice("kind", _("Kind"), required=True, choices=tuple(Kind.choices)),
        Hours("hours", _("Working hours"), hint=_("Of a make-up day; empty: as on a normal day.")),
        Column("name", _("Name"), longest=60),
    )
    sample: ClassVar[Values] = {"date": "2026-10-01", "kind": Kind.DAY_OFF.value, "name": "国庆节"}

    def rows(self, actor: Actor) -> QuerySet[CalendarDay]:
        return CalendarDay.objects.select_related("calendar").order_by("calendar__name", "date")

    def values_of(self, row: CalendarDay) -> Values:
        hours = windows_typed(row.windows) if row.windows else ""
        told = {"calendar": row.calendar.name, "date": row.date.isoformat(), "kind": row.kind}
        return {**told, "hours": hours, "name": row.name}

    def version_of(self, row: CalendarDay) -> int:
        """That of the day itself does not exist, and that of its calendar moves with every other day."""
        return 0

    def check(self, row: Row, known: Known, actor: Actor) -> Iterator[Mistake]:
        if row.changed and row.values["kind"] == Kind.DAY_OFF and row.values["hours"]:
            yield "hours", gettext("Nobody works on a day off. Leave the hours empty.")

    def create(self, values: Values, actor: Actor) -> Calendar:
        return self._set(values, Kind(values["kind"]), actor)

    def change(self, pk: int, version: int | None, row: Row, actor: Actor) -> Calendar:
        return self.create(row.values, actor)

    def take_back(self, pk: int, row: Values, actor: Actor) -> Calendar:
        return self._set(row, None, actor)

    def _set(self, values: Values, kind: CalendarDay.Kind | None, actor: Actor) -> Calendar:
        calendar, on = Calendar.objects.get(name=values["calendar"]), date.fromisoformat(values["date"])
        windows = parse_windows(values["hours"]) if values["hours"] else ()
        name = values["name"]
        return set_calendar_day(calendar, on, kind, actor=actor, version=None, windows=windows, name=name)
