"""The firm of the demonstration: departments, staff and roles, customers, contracts and articles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password

from accounts.actions import create_contact, create_customer
from accounts.actors import SYSTEM
from accounts.models import Contact, Customer, Department, Role, RoleGrant, User
from base.clock import now, set_clock
from knowledge.actions import publish
from knowledge.models import KnowledgeArticle
from ledger.actions import create
from ledger.models import Record
from sla.actions import CalendarEntry, Terms, create_contract, install_calendar, load_calendar_year
from sla.models import Calendar, CalendarDay, Closure, Contract
from sla.queries import unplanned_years
from sla.targets import Target

RecordType = TypeVar("RecordType", bound=Record)
FOUNDED = date(2024, 1, 1)
YEAR = 2026
KINDS = {
    "U1": Department.Kind.RISK_CONTROL,
    "U2": Department.Kind.IMPROVEMENT,
    "U3": Department.Kind.SALES,
    "U4": Department.Kind.MANAGEMENT,
}
FROM_DEPARTMENTS = {"head": Role.DEPARTMENT_HEAD, "custodian": Role.CUSTODIAN, "duty_desk": Role.DUTY_DESK}
SCOPED = {Role.STAFF, Role.SERVICE_DESK, *FROM_DEPARTMENTS.values()}
ADMINISTRATOR = {
    "id": "S00",
    "name": "系统管理员",
    "unit": "U4",
    "title": "系统管理员",
    "roles": ["administrator", "document_owner"],
    "login": "admin",
    "mobile": "",
    "email": "",
}


def load_people(data: dict[str, Any], password: str) -> list[User]:
    """Make whatever of the firm is not there yet; the accounts that were made now."""
    with set_clock(datetime.fromisoformat(f"{FOUNDED}T09:00:00+08:00")):
        _departments(data)
        made = _staff([*data["staff"], ADMINISTRATOR], password)
        _customers(data["customers"])
        _grants(data)
        calendar = _calendar(data)
        _contracts(data["customers"], calendar)
        _articles(data["knowledge_articles"])
    return made


def has_others(data: dict[str, Any]) -> bool:
    """Whether the desk holds people or customers that are not of the demonstration; two statements."""
    accounts = [each["login"] for each in [*data["staff"], ADMINISTRATOR]]
    people = User.objects.exclude(username__in=accounts)
    customers = Customer.objects.exclude(name__in=[each["name"] for each in data["customers"]])
    return people.exists() or customers.exists()


def _make(record: RecordType, **key: object) -> tuple[RecordType, bool]:
    """The record with that key, made through the ledger if there is none; and whether it was made."""
    found = type(record)._base_manager.filter(**key).first()
    if found is not None:
        return found, False
    with create(record, signature=SYSTEM.signature(), action=f"create_{record.stream_kind}", clause=""):
        pass
    return record, True


def _departments(data: dict[str, Any]) -> None:
    for unit in [*data["departments"], *data["org_units"]]:
        _make(
            Department(
                code=unit["id"],
                name=unit["name"],
                name_en=unit["name_en"],
                kind=KINDS.get(unit["id"], Department.Kind.BUSINESS),
                description=unit.get("business", ""),
            ),
            code=unit["id"],
        )


def _staff(people: Iterable[dict[str, Any]], password: str) -> list[User]:
    made, hashed = [], make_password(password)
    for each in people:
        user = User(
            username=each["login"],
            employee_number=each["id"],
            name=each["name"],
            title=each["title"],
            department=Department.objects.get(code=each["unit"]),
            mobile=each["mobile"],
            email=each["email"],
            password=hashed,
        )
        user, is_new = _make(user, employee_number=each["id"])
        if is_new:
            made.append(user)
    return made


def _customers(customers: Iterable[dict[str, Any]]) -> None:
    for each in customers:
        customer = Customer.objects.filter(code=each["id"]).first() or create_customer(
            actor=SYSTEM,
            code=each["id"],
            name=each["name"],
            department=Department.objects.get(code=each["department"]),
            industry=each["industry"],
            in_service_scope=each["in_service_scope"],
        )
        for contact in each["contacts"]:
            if not Contact.objects.filter(code=contact["id"]).exists():
                _contact(customer, contact)


def _contact(customer: Customer, contact: dict[str, Any]) -> None:
    create_contact(
        actor=SYSTEM,
        customer=customer,
        code=contact["id"],
        name=contact["name"],
        title=contact["title"],
        phone=contact["phone"],
        mobile=contact["mobile"],
        email=contact["email"],
        may_confirm=contact["authorised_to_confirm"],
    )


def _grants(data: dict[str, Any]) -> None:
    for department in data["departments"]:
        scope = Department.objects.get(code=department["id"])
        for key, role in FROM_DEPARTMENTS.items():
            _grant(department[key], role, department=scope)
    for customer in data["customers"]:
        _grant(customer["service_desk"], Role.SERVICE_DESK, customer=Customer.objects.get(code=customer["id"]))
    for person in [*data["staff"], ADMINISTRATOR]:
        for role in person["roles"]:
            if role not in SCOPED:
                _grant(person["id"], Role(role))


def _grant(number: str, role: Role, **scope: object) -> None:
    user = User.objects.get(employee_number=number)
    _make(RoleGrant(user=user, role=role, starts_on=FOUNDED, reason="演示数据", **scope), user=user, role=role, **scope)


def _calendar(data: dict[str, Any]) -> Calendar:
    """The default calendar, with the year of the demonstration where it is not planned yet."""
    calendar = install_calendar()
    if not unplanned_years(calendar, [YEAR]):
        return calendar
    kinds = {"off_days": CalendarDay.Kind.DAY_OFF, "makeup_workdays": CalendarDay.Kind.MAKE_UP}
    days = [
        CalendarEntry(date.fromisoformat(day["date"]), kind, day["name"])
        for key, kind in kinds.items()
        for day in data["calendar"][key]
    ]
    # Its chain began when the desk was installed, which may be long after the firm was founded.
    installed = calendar.current.published_at if calendar.current else None
    with set_clock(max(now(), installed or now())):
        return load_calendar_year(calendar, YEAR, days, data["calendar"]["source"], actor=SYSTEM)


def _contracts(customers: Iterable[dict[str, Any]], calendar: Calendar) -> None:
    for each in customers:
        agreed, times = each["contract"], each["contract"]["sla"]
        if Contract.objects.filter(number=agreed["no"]).exists():
            continue
        terms = Terms(
            number=agreed["no"],
            name=agreed["name"],
            starts_on=date.fromisoformat(agreed["start"]),
            ends_on=date.fromisoformat(agreed["end"]),
            service_scope=agreed["service_scope"],
            process_notes=times.get("process_notes", []),
            pause_allowed=times.get("allow_pause", False),
            closure=times.get("closure", Closure.CONTACT),
            response=Target.from_data(times["response"]) if "response" in times else None,
            targets={int(level): Target.from_data(target) for level, target in times.get("targets", {}).items()},
            calendar=calendar,
        )
        create_contract(Customer.objects.get(code=each["id"]), terms, actor=SYSTEM)


def _articles(articles: Iterable[dict[str, Any]]) -> None:
    for each in articles:
        if KnowledgeArticle.objects.filter(code=each["id"]).exists():
            continue
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
