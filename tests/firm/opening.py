"""The firm comes to be, through the actions alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from accounts.actions import create_contact, create_customer, create_department, create_user, grant_role
from accounts.actors import SYSTEM
from accounts.models import Customer, Department, Role, User
from base.clock import now, set_clock
from knowledge.actions import publish
from sla.actions import CalendarEntry, Terms, create_contract, install_calendar, load_calendar_year
from sla.models import Calendar, CalendarDay
from sla.targets import Target

PASSWORD = "Demonstration-1"
FOUNDED = datetime.fromisoformat("2024-01-01T09:00:00+08:00")
# The year that the tests play in.
YEAR = 2026
OF_DEPARTMENTS = {"head": Role.DEPARTMENT_HEAD, "custodian": Role.CUSTODIAN, "duty_desk": Role.DUTY_DESK}

Rows = Iterable[dict[str, Any]]


def open_firm() -> None:
    """Departments, staff with their roles, customers with contacts and contracts, calendar and articles."""
    data = json.loads(Path(__file__).with_name("firm.json").read_text(encoding="utf-8"))
    with set_clock(FOUNDED):
        _units(data["departments"] + data["units"])
        _staff(data["staff"])
        _customers(data["customers"])
        _roles(data)
        _contracts(data["customers"], _calendar(data["holidays"]))
        _articles(data["articles"])


def _units(units: Rows) -> None:
    for each in units:
        create_department(
            actor=SYSTEM,
            code=each["id"],
            name=each["name"],
            name_en=each["name_en"],
            kind=each.get("kind", Department.Kind.BUSINESS),
        )


def _staff(people: Rows) -> None:
    for each in people:
        create_user(
            actor=SYSTEM,
            username=each["login"],
            employee_number=each["id"],
            name=each["name"],
            title=each["title"],
            department=Department.objects.get(code=each["unit"]),
            mobile=each["mobile"],
            email=each["email"],
            password=PASSWORD,
        )


def _customers(customers: Rows) -> None:
    for each in customers:
        customer = create_customer(
            actor=SYSTEM,
            code=each["id"],
            name=each["name"],
            department=Department.objects.get(code=each["department"]),
            industry=each["industry"],
            in_service_scope=each["in_service_scope"],
        )
        for contact in each["contacts"]:
            create_contact(actor=SYSTEM, customer=customer, code=contact.pop("id"), **contact)


def _roles(data: dict[str, Any]) -> None:
    for each in data["departments"]:
        for key, role in OF_DEPARTMENTS.items():
            _grant(each[key], role, department=Department.objects.get(code=each["id"]))
    for each in data["customers"]:
        _grant(each["desk"], Role.SERVICE_DESK, customer=Customer.objects.get(code=each["id"]))
    for each in data["staff"]:
        for role in each["roles"]:
            _grant(each["id"], Role(role))


def _grant(number: str, role: Role, **scope: Any) -> None:
    grant_role(actor=SYSTEM, user=User.objects.get(employee_number=number), role=role, reason="任命", **scope)


def _calendar(holidays: dict[str, Any]) -> Calendar:
    calendar = install_calendar()
    days = [
        CalendarEntry(date.fromisoformat(day), kind, name)
        for kind in (CalendarDay.Kind.DAY_OFF, CalendarDay.Kind.MAKE_UP)
        for day, name in holidays[kind].items()
    ]
    # Its chain began when the desk was installed, which for a desk beside the tests' own is later.
    installed = calendar.current.published_at if calendar.current else None
    with set_clock(max(now(), installed or now())):
        return load_calendar_year(calendar, YEAR, days, holidays["source"], actor=SYSTEM)


def _contracts(customers: Rows, calendar: Calendar) -> None:
    for each in customers:
        agreed = each["contract"]
        terms = Terms(
            number=agreed["number"],
            name=agreed["name"],
            starts_on=date.fromisoformat(agreed["starts_on"]),
            ends_on=date.fromisoformat(agreed["ends_on"]),
            service_scope=agreed["service_scope"],
            process_notes=agreed["process_notes"],
            pause_allowed=agreed["pause_allowed"],
            closure=agreed["closure"],
            response=Target.from_data(agreed["response"]) if agreed["response"] else None,
            targets={int(level): Target.from_data(target) for level, target in agreed["targets"].items()},
            calendar=calendar,
        )
        create_contract(Customer.objects.get(code=each["id"]), terms, actor=SYSTEM)


def _articles(articles: Rows) -> None:
    for each in articles:
        author = User.objects.select_related("department").get(employee_number=each["author"])
        publish(
            actor=SYSTEM,
            code=each["id"],
            title=each["title"],
            categories=each["categories"],
            keywords=each["keywords"],
            symptom=each["symptom"],
            solution_steps=each["solution_steps"],
            author=author,
            reviewer=User.objects.get(employee_number=each["reviewer"]),
            department=author.department,
            version_label=each["version"],
            valid_until=date.fromisoformat(each["valid_until"]),
        )
