"""Calendars, contracts and clocks."""

from sla.models.calendars import Calendar, CalendarDay, CalendarVersion
from sla.models.clocks import Clock, ClockEvent, Source
from sla.models.contracts import Closure, Contract, ContractTarget

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarVersion",
    "Clock",
    "ClockEvent",
    "Closure",
    "Contract",
    "ContractTarget",
    "Source",
]
