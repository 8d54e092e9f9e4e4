"""Agreed times as people state them: 4 hours, 30 working minutes, one working day, one calendar month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, TypeAlias, TypedDict, assert_never, cast, get_args

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.arithmetic import ALWAYS, Calendar, Months, Pause, WorkingCalendar, deadline

Unit: TypeAlias = Literal["minute", "hour", "working_day", "calendar_month"]
Counting: TypeAlias = Literal["natural", "working"]
UNITS, COUNTINGS = get_args(Unit), get_args(Counting)
ONLY_COUNTING: Mapping[Unit, Counting] = {"working_day": "working", "calendar_month": "natural"}


class TargetData(TypedDict):
    """A target as JSON; `clock` may be missing where the unit leaves no choice."""

    value: int
    unit: Unit
    clock: Counting


@dataclass(frozen=True)
class Target:
    """A span to keep; `clock` says whether nights and days off count.

    Months are natural (A-04). A working day is the working time of a normal day of the calendar. Raises `ValueError`
    for a value below 1, an unknown word, or a unit that cannot be counted so.
    """

    value: int
    unit: Unit
    clock: Counting

    def __post_init__(self) -> None:
        if type(self.value) is not int or self.value < 1:
            raise ValueError(f"a target is a whole number from 1: {self.value!r}")
        if self.unit not in UNITS or self.clock not in COUNTINGS:
            raise ValueError(f"unknown unit or clock: {self.unit!r}, {self.clock!r}")
        if ONLY_COUNTING.get(self.unit, self.clock) != self.clock:
            raise ValueError(f"a {self.unit} cannot be counted as {self.clock}")

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Target:
        """Read what `as_data` wrote, or what a contract or the procedure holds."""
        value, unit = cast(int, data.get("value")), cast(Unit, data.get("unit"))
        clock = cast(Counting, data.get("clock"))
        try:
            return _known(value, unit, clock or ONLY_COUNTING.get(unit, clock))
        except TypeError:
            # No target either, and it says so: a list cannot be looked up.
            return cls(value, unit, clock)

    def as_data(self) -> TargetData:
        return {"value": self.value, "unit": self.unit, "clock": self.clock}

    @property
    def needs_calendar(self) -> bool:
        """Working time needs its windows, a month the zone on whose wall clock it is counted."""
        return self.clock == "working" or self.unit == "calendar_month"

    def counting(self, calendar: WorkingCalendar | None) -> Calendar:
        """What of the time counts. Raises `ValueError` for working time without a calendar."""
        if self.clock == "natural":
            return ALWAYS
        if calendar is None:
            raise ValueError("working time needs a calendar")
        return calendar

    def length(self, start: datetime, calendar: WorkingCalendar | None) -> timedelta:
        """The counted time that is allowed; for a month, the real time to its end on the calendar's wall clock."""
        match self.unit:
            case "minute":
                return timedelta(minutes=self.value)
            case "hour":
                return timedelta(hours=self.value)
            case "working_day":
                return timedelta(minutes=self.value * self._calendar(calendar).minutes_of_a_day)
            case "calendar_month":
                end = deadline(start, Months(self.value), self._calendar(calendar))
                return cast(datetime, end) - start
            case _:
                assert_never(self.unit)

    def due(self, start: datetime, calendar: WorkingCalendar | None, pauses: Sequence[Pause] = ()) -> datetime | None:
        """When the target is reached; None if a pause that still runs began before."""
        return self.part_due(start, 100, calendar, pauses)

    def part_due(
        self, start: datetime, percent: int, calendar: WorkingCalendar | None, pauses: Sequence[Pause] = ()
    ) -> datetime | None:
        """When so much of the target is used up; of a month, of the real time between its start and its end."""
        part = self.length(start, calendar) * percent / 100
        return deadline(start, part, self.counting(calendar), pauses)

    def words(self) -> str:
        """In the reader's language: 4 hours, 1 month, 30 minutes (working time)."""
        match self.unit:
            case "minute":
                words = ngettext("%(count)d minute", "%(count)d minutes", self.value)
            case "hour":
                words = ngettext("%(count)d hour", "%(count)d hours", self.value)
            case "working_day":
                words = ngettext("%(count)d working day", "%(count)d working days", self.value)
            case "calendar_month":
                words = ngettext("%(count)d month", "%(count)d months", self.value)
            case _:
                assert_never(self.unit)
        words %= {"count": self.value}
        if self.clock == "working" and self.unit != "working_day":
            return _("%(span)s (working time)") % {"span": words}
        return words

    def _calendar(self, calendar: WorkingCalendar | None) -> WorkingCalendar:
        if calendar is None:
            raise ValueError(f"a {self.unit} needs a calendar")
        return calendar


# The same few stand on all clocks. By type as well, since True is no number of hours.
_known = lru_cache(maxsize=256, typed=True)(Target)
