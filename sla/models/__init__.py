"""Calendars, contracts and clocks."""

from sla.models.calendars import Calendar, CalendarDay, CalendarVersion
from sla.models.clocks import Clock, ClockEvent, Source
from sla.models.contracts import Closure, Contract, ContractTarget
from sla.models.experience import LearntExperience

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarVersion",
    "Clock",
    "ClockEvent",
    "Closure",
    "Contract",
    "ContractTarget",
    "LearntExperience",
    "Source",
]
