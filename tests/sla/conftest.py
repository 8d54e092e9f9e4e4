"""A calendar with eight hours a day, and the instants of the week in which the cases play."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.actions import create_customer, create_department
from accounts.actors import SYSTEM
from accounts.models import Customer
from sla.actions import create_calendar
from sla.models import Calendar
from sla.queries import working_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
EIGHT_HOURS = {day: [(540, 720), (780, 1080)] for day in range(5)}


def march(day: int, hour: int, minute: int = 0) -> datetime:
    """March 2026 begins on a Sunday: the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


def works_on(calendar: Calendar, day: date) -> bool:
    counted = working_calendar(calendar)
    return bool(counted.exceptions.get(day, counted.weekly[day.weekday()]))


@pytest.fixture
def calendar(db: None) -> Calendar:
    Calendar.objects.update(is_default=False)
    return create_calendar("Eight hours", actor=SYSTEM, weekly=EIGHT_HOURS, default=True)


@pytest.fixture
def customer(db: None) -> Customer:
    department = create_department(actor=SYSTEM, code="D1", name="金融业务一部")
    return create_customer(actor=SYSTEM, code="C01", name="示例银行A股份有限公司", department=department)
